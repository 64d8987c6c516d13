"""The words of a dedicated SQL pool that this project and its adapter use: functions, types, table options.

Each list holds what Microsoft's reference gives for dedicated SQL pools. What is not listed is refused, so that a function
of another product, or of SQL Server alone, never slips through; a missing word is added here after a look at the reference.
"""

from sqlglot import exp

# Scalar functions that the stand-in computes itself (functions.py), since DuckDB's of that name differ or are missing.
TRANSLATED = {
    "CHARINDEX", "DATABASEPROPERTYEX", "DATEADD", "DATEDIFF", "DATEDIFF_BIG", "DATEFROMPARTS", "DATENAME", "DATEPART", "DAY", "EOMONTH", "GETDATE",
    "GETUTCDATE", "HASHBYTES", "ISJSON", "ISNULL", "JSON_MODIFY", "JSON_QUERY", "JSON_VALUE", "LEFT", "LEN", "MONTH",
    "OBJECT_ID", "PATINDEX", "REPLACE", "REPLICATE", "RIGHT", "SCHEMA_ID", "SCHEMA_NAME", "DB_NAME", "STUFF", "SUBSTRING",
    "SYSDATETIME", "SYSUTCDATETIME", "YEAR", "COUNT_BIG", "DATALENGTH", "CONCAT", "CONCAT_WS", "STRING_SPLIT",
}  # fmt: skip

# Functions that DuckDB computes alike under the same name.
ALIKE = {
    "ABS", "AVG", "CEILING", "CHAR", "COALESCE", "COUNT", "CUME_DIST", "DENSE_RANK", "EXP", "FIRST_VALUE", "FLOOR", "LAG",
    "LAST_VALUE", "LEAD", "LOG", "LOWER", "LTRIM", "MAX", "MIN", "NTILE", "NULLIF", "PERCENTILE_CONT", "PERCENTILE_DISC",
    "PERCENT_RANK", "POWER", "RANK", "REVERSE", "ROUND", "ROW_NUMBER", "RTRIM", "SIGN", "SPACE", "SQRT", "STDEV", "STDEVP",
    "STRING_AGG", "SUM", "TRIM", "UNICODE", "UPPER", "VAR", "VARP",
}  # fmt: skip

CONVERSIONS = {"CAST", "TRY_CAST", "CONVERT", "TRY_CONVERT", "OPENJSON"}

FUNCTIONS = TRANSLATED | ALIKE | CONVERSIONS

# Words before a parenthesis that are no function.
STRUCTURE = {
    "ALL", "AND", "ANY", "AS", "BY", "CASE", "ELSE", "EXCEPT", "EXISTS", "FROM", "HAVING", "IN", "INDEX", "INSERT", "INTERSECT",
    "INTO", "JOIN", "KEY", "NOT", "ON", "OR", "ORDER", "OVER", "SELECT", "SET", "SOME", "THEN", "TOP", "UNION", "USING", "VALUES",
    "WHEN", "WHERE", "WITH", "GROUP", "HASH", "PARTITION", "OPTION", "LIKE", "BETWEEN", "IS", "RANGE", "APPLY", "MATCHED",
}  # fmt: skip

TYPE_WORDS = {
    "BINARY", "CHAR", "DATETIME2", "DATETIMEOFFSET", "DECIMAL", "FLOAT", "NCHAR", "NUMERIC", "NVARCHAR", "TIME", "VARBINARY",
    "VARCHAR",
}  # fmt: skip

TYPES = {
    exp.DType.BIGINT, exp.DType.INT, exp.DType.SMALLINT, exp.DType.UTINYINT, exp.DType.BIT, exp.DType.DECIMAL, exp.DType.FLOAT,
    exp.DType.MONEY, exp.DType.DATE, exp.DType.TIME, exp.DType.DATETIME, exp.DType.DATETIME2, exp.DType.SMALLDATETIME,
    exp.DType.TIMESTAMPTZ, exp.DType.CHAR, exp.DType.VARCHAR, exp.DType.NCHAR, exp.DType.NVARCHAR, exp.DType.BINARY,
    exp.DType.VARBINARY, exp.DType.UUID,
}  # fmt: skip

TEXT_TYPES = {exp.DType.CHAR, exp.DType.VARCHAR, exp.DType.NCHAR, exp.DType.NVARCHAR}

# Words of other dialects: (words in a row, what to say).
FOREIGN = [
    (("::",), "no :: in T-SQL"),
    (("||",), "text is joined by + or concat, not by ||"),
    (("QUALIFY",), "no QUALIFY"),
    (("ILIKE",), "no ILIKE"),
    (("INTERVAL",), "no INTERVAL: dateadd"),
    (("TRUE",), "no TRUE: 1 = 1"),
    (("FALSE",), "no FALSE: 1 = 0"),
    (("NULLS", "FIRST"), "no NULLS FIRST"),
    (("NULLS", "LAST"), "no NULLS LAST"),
    (("IS", "DISTINCT"), "no IS DISTINCT FROM in a dedicated pool"),
    (("IS", "NOT", "DISTINCT"), "no IS NOT DISTINCT FROM in a dedicated pool"),
    (("NATURAL",), "no NATURAL JOIN"),
    (("RECURSIVE",), "no recursive queries"),
    (("OR", "REPLACE"), "no OR REPLACE"),
    (("OR", "ALTER"), "no OR ALTER in a dedicated pool"),
    (("IF", "NOT", "EXISTS"), "no IF NOT EXISTS inside a statement"),
    (("TABLE", "IF", "EXISTS"), "no DROP TABLE IF EXISTS in a dedicated pool"),
    (("VIEW", "IF", "EXISTS"), "no DROP VIEW IF EXISTS in a dedicated pool"),
    (("FOR", "JSON"), "no FOR JSON in a dedicated pool"),
    (("GROUPING", "SETS"), "no GROUPING SETS in a dedicated pool"),
    (("IGNORE", "NULLS"), "no IGNORE NULLS in a dedicated pool"),
]
