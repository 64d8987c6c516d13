"""Rules of BigQuery that the analyzer does not know, because they are its engine's and not the language's.

Sources: BigQuery's documentation of quotas (length of a query) and of its error messages (outer joins).
"""

LONGEST = 1_024_000  # characters of a query, "maximum unresolved GoogleSQL query length" of 1 MB


def broken(statement):
    """The rule that a resolved statement breaks; None when it breaks none."""
    for name, node in _nodes(statement):
        if name == "ResolvedJoinScanProto" and node.join_type and not _has_equality(node):
            kind = node.DESCRIPTOR.fields_by_name["join_type"].enum_type.values_by_number[node.join_type].name
            return f"{kind} OUTER JOIN cannot be used without a condition that is an equality of fields from both sides"
    return None


def _has_equality(join):
    """Whether a join's condition has, among the parts that must all hold, left = right."""
    left, right = _columns_of(join.left_scan), _columns_of(join.right_scan)
    for part in _conjuncts(join.join_expr):
        if _function(part) != "ZetaSQL:$equal":
            continue
        sides = [_referenced(argument) for argument in _call(part).argument_list]
        if any(one <= left and other <= right and one and other for one, other in (sides, sides[::-1])):
            return True
    return False


def _conjuncts(expression):
    if _function(expression) == "ZetaSQL:$and":
        return [part for argument in _call(expression).argument_list for part in _conjuncts(argument)]
    return [expression]


def _call(expression):
    base = expression.resolved_function_call_base_node
    return base.resolved_function_call_node.parent


def _function(expression):
    if not expression.HasField("resolved_function_call_base_node"):
        return None
    return _call(expression).function.name


def _columns_of(scan):
    """The columns that a scan makes: those in any column list within it."""
    return {
        column.column_id
        for name, node in _nodes(scan)
        if name == "ResolvedScanProto"
        for column in node.column_list
    }


def _referenced(expression):
    return {node.column.column_id for name, node in _nodes(expression) if name == "ResolvedColumnRefProto"}


def _nodes(message):
    """The message and all messages within it, with the names of their kinds; types are not entered."""
    pending = [message]
    while pending:
        node = pending.pop()
        yield node.DESCRIPTOR.name, node
        for field, value in node.ListFields():
            if field.message_type is None or field.message_type.name in (
                "TypeProto",
                "FunctionSignatureProto",
            ):
                continue
            pending.extend(value if hasattr(value, "extend") else [value])
