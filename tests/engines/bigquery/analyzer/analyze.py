"""Judges statements as BigQuery would: GoogleSQL's own analyzer, asked statement by statement.

Run in the environment beside this file. Reads JSON lines from standard input, `{"sql": …}` or `{"forget": true}`, and
answers each with a line, `{"error": null or text}`. What a statement creates is known to those after it (catalog.py);
rules of BigQuery that the analyzer does not know are in rules.py.
"""

import ctypes
import json
import sys
from importlib.metadata import version
from pathlib import Path

import rules
import wasmtime
from catalog import Catalog
from zetasql.core import wasm_client
from zetasql.core.exceptions import ServerError
from zetasql.wasi import get_wasm_path
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2
from zetasql.wasi._pb2.zetasql.proto import options_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public
from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_node_kind_pb2


class Compiled:
    """Stands in for wasmtime's module: compiled once, which takes half a minute, then read from the environment's folder."""

    @staticmethod
    def from_file(engine, path):
        kept = Path(sys.prefix) / f"zetasql-{version('zetasql')}-wasmtime-{version('wasmtime')}.compiled"
        if not kept.exists():
            part = kept.with_suffix(".part")
            part.write_bytes(bytes(wasmtime.Module.from_file(engine, path).serialize()))
            part.rename(kept)
        return wasmtime.Module.deserialize_file(engine, str(kept))


class Client(wasm_client.WasmClient):
    """The package's client, whose loops over single bytes take longer than the analysis."""

    def write_bytes(self, ptr, data):
        ctypes.memmove(self._start() + ptr, data, len(data))

    def read_bytes(self, ptr, size):
        return ctypes.string_at(self._start() + ptr, size)

    def _start(self):
        return ctypes.addressof(self.memory.data_ptr().contents)


class Analyzer:
    """GoogleSQL with BigQuery's names of types and its reserved words."""

    def __init__(self):
        wasm_client.Module = Compiled
        self.client = Client(get_wasm_path())
        maximum = local_service_pb2.LanguageOptionsRequest(maximum_features=True)
        language = self.client.call_grpc_func(
            "ZetaSqlLocalService_GetLanguageOptions", maximum, options_pb2.LanguageOptionsProto
        )
        language.product_mode = public.PRODUCT_EXTERNAL
        # QUALIFY is no name of a column in BigQuery; reserved, it may stand without a WHERE
        language.reserved_keywords.append("QUALIFY")
        kinds = resolved_node_kind_pb2.ResolvedNodeKind.items()
        del language.supported_statement_kinds[:]
        language.supported_statement_kinds.extend(kind for name, kind in kinds if name.endswith("_STMT"))
        self.language = language
        self.catalog = Catalog(self.client, language)

    def error(self, sql):
        """What is wrong with a script of one or more statements; None when nothing is."""
        if len(sql) > rules.LONGEST:
            return f"a query of {len(sql)} characters is longer than {rules.LONGEST}"
        place, error = 0, None
        while error is None and sql[place:].strip(" \n;"):
            request = local_service_pb2.AnalyzeRequest()
            request.options.language_options.CopyFrom(self.language)
            request.options.default_timezone = "UTC"
            request.options.error_message_mode = public.ERROR_MESSAGE_ONE_LINE
            request.registered_catalog_id = self.catalog.number
            request.parse_resume_location.input = sql
            request.parse_resume_location.byte_position = place
            try:
                answer = self.client.call_grpc_func(
                    "ZetaSqlLocalService_Analyze", request, local_service_pb2.AnalyzeResponse
                )
            except ServerError as failure:
                return failure.raw_error.partition("Message: ")[2]
            error = rules.broken(answer.resolved_statement)
            self.catalog.learn(answer.resolved_statement)
            place = answer.resume_byte_position
        return error


def main():
    analyzer = Analyzer()
    for line in sys.stdin:
        asked = json.loads(line)
        error = None
        if asked.get("forget"):
            analyzer.catalog.forget()
        else:
            error = analyzer.error(asked["sql"])
        print(json.dumps({"error": error}), flush=True)


if __name__ == "__main__":
    main()
