"""The tables that statements made so far, as the analyzer takes them.

A table is known by its parts, in lower case. BigQuery reads `a.b.c` in one pair of backticks as three parts, which the
analyzer takes for one name, so each table stands under its whole name as well.
"""

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2
from zetasql.wasi._pb2.zetasql.public import simple_table_pb2


class Catalog:
    """What is known so far. `number` is under which the analyzer has it; making it takes longer than most analyses."""

    def __init__(self, client, language):
        self.client = client
        self.language = language
        self.tables = {}  # parts -> [(column, type)]
        self._number = None

    @property
    def number(self):
        if self._number is None:
            request = local_service_pb2.RegisterCatalogRequest()
            self._fill(request.simple_catalog)
            answer = self.client.call_grpc_func(
                "ZetaSqlLocalService_RegisterCatalog", request, local_service_pb2.RegisterResponse
            )
            self._number = answer.registered_id
        return self._number

    def forget(self):
        self.tables = {}
        self._changed()

    def _changed(self):
        if self._number is not None:
            request = local_service_pb2.UnregisterRequest(registered_id=self._number)
            self.client.call_grpc_func("ZetaSqlLocalService_UnregisterCatalog", request)
        self._number = None

    def _fill(self, catalog):
        catalog.name = "judge"
        catalog.builtin_function_options.language_options.CopyFrom(self.language)
        for parts, columns in self.tables.items():
            # whole, and without the project, which a statement may leave out
            for named in {parts, parts[-2:]}:
                _add(catalog, ".".join(named), columns)
                holder = catalog
                for part in named[:-1]:
                    holder = _child(holder, part)
                if len(named) > 1:
                    _add(holder, named[-1], columns)

    def learn(self, statement):
        """Keep what a resolved statement creates, forget what it drops."""
        if statement.HasField("resolved_drop_stmt_node"):
            dropped = _parts(statement.resolved_drop_stmt_node.name_path)
            kept = {p: c for p, c in self.tables.items() if p[-len(dropped) :] != dropped}
            if len(kept) < len(self.tables):
                self.tables = kept
                self._changed()
        if not statement.HasField("resolved_create_statement_node"):
            return
        created = _only(statement.resolved_create_statement_node)
        columns = []
        body = created
        while True:
            names = {field.name for field, _ in body.ListFields()}
            if "column_definition_list" in names:
                columns = columns or [(column.name, column.type) for column in body.column_definition_list]
            if "output_column_list" in names:
                columns = columns or [(column.name, column.column.type) for column in body.output_column_list]
            if "name_path" in names:
                parts = _parts(body.name_path)
                if columns and self.tables.get(parts) != columns:
                    self.tables[parts] = columns
                    self._changed()
                return
            if "parent" not in names:
                return
            body = body.parent


def _only(message):
    """The message that a choice holds, through choices of choices."""
    while True:
        fields = message.ListFields()
        if len(fields) != 1 or not message.DESCRIPTOR.name.startswith("AnyResolved"):
            return message
        message = fields[0][1]


def _parts(path):
    return tuple(part.lower() for name in path for part in name.split("."))


def _child(catalog, name):
    for child in catalog.catalog:
        if child.name == name:
            return child
    child = catalog.catalog.add()
    child.name = name
    return child


def _add(catalog, name, columns):
    if any(table.name == name for table in catalog.table):
        return
    table = simple_table_pb2.SimpleTableProto(name=name, serialization_id=0)
    for column, kind in columns:
        added = table.column.add(name=column, is_writable_column=True)
        added.type.CopyFrom(kind)
    catalog.table.append(table)
