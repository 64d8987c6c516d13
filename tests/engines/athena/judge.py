def rejected(statements): return []
