"""Athena's API as JSON over HTTP: the operations that dbt-athena and PyAthena call, over an Engine."""

from __future__ import annotations

import json
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import rules
from errors import QueryFailed
from execution import Engine
from results import Outcome, page

PATIENCE = 20.0


class BadRequest(Exception):
    """What the API refuses before anything runs: InvalidRequestException."""


@dataclass
class Query:
    """A statement with what its caller asked for, and the outcome that comes."""

    sql: str
    schema: str
    request: dict[str, Any]
    future: Future[Outcome] | None = None
    submitted: float = field(default_factory=time.time)
    cancelled: bool = False


class Athena:
    """`statements` are all that were started, in their order."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.queries: dict[str, Query] = {}
        self.statements: list[str] = []
        self.pool = ThreadPoolExecutor(4)
        self.lock = threading.Lock()

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """The response to an operation; raises BadRequest."""
        handler = getattr(self, f"_{operation}", None)
        if handler is None:
            raise BadRequest(f"the stand-in has no {operation}")
        return handler(request)

    def _StartQueryExecution(self, request: dict[str, Any]) -> dict[str, Any]:
        sql = request["QueryString"]
        try:
            rules.check_length(sql)
        except QueryFailed as error:
            raise BadRequest(str(error)) from error
        if "OutputLocation" not in request.get("ResultConfiguration", {}):
            raise BadRequest("No output location provided")
        query = Query(sql, request.get("QueryExecutionContext", {}).get("Database", "default"), request)
        name = str(uuid.uuid4())
        with self.lock:
            self.statements.append(sql)
            self.queries[name] = query
        query.future = self.pool.submit(self.engine.run, sql, query.schema)
        # most statements end at once: answered after that, nobody has to poll
        try:
            query.future.exception(timeout=PATIENCE)
        except TimeoutError:
            pass
        return {"QueryExecutionId": name}

    def _GetQueryExecution(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["QueryExecutionId"]
        query = self._query(name)
        status: dict[str, Any] = {"State": "RUNNING", "SubmissionDateTime": query.submitted}
        kinds = {}
        if query.cancelled:
            status["State"] = "CANCELLED"
        elif query.future.done():
            error = query.future.exception()
            status["CompletionDateTime"] = time.time()
            if error is None:
                outcome = query.future.result()
                status["State"] = "SUCCEEDED"
                kinds = {"StatementType": outcome.statement_type, "SubstatementType": outcome.substatement_type}
            else:
                status["State"] = "FAILED"
                status["StateChangeReason"] = str(error)
                status["AthenaError"] = {"ErrorCategory": 2, "ErrorType": 1006, "Retryable": False, "ErrorMessage": str(error)}
        execution = {
            "QueryExecutionId": name,
            "Query": query.sql,
            "Status": status,
            "Statistics": {"EngineExecutionTimeInMillis": 1, "DataScannedInBytes": 0, "TotalExecutionTimeInMillis": 1},
            "WorkGroup": query.request.get("WorkGroup", "primary"),
            "QueryExecutionContext": query.request.get("QueryExecutionContext", {}),
            "ResultConfiguration": query.request["ResultConfiguration"],
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
        }
        return {"QueryExecution": execution | kinds}

    def _GetQueryResults(self, request: dict[str, Any]) -> dict[str, Any]:
        query = self._query(request["QueryExecutionId"])
        if query.cancelled or not query.future.done() or query.future.exception():
            raise BadRequest("Query has not yet finished, or has failed")
        start = int(request.get("NextToken", "0"))
        return page(query.future.result(), start, request.get("MaxResults", 1000))

    def _StopQueryExecution(self, request: dict[str, Any]) -> dict[str, Any]:
        query = self._query(request["QueryExecutionId"])
        if not query.future.done():
            query.cancelled = True
            query.future.cancel() or self.engine.connection.interrupt()
        return {}

    def _GetWorkGroup(self, request: dict[str, Any]) -> dict[str, Any]:
        configuration = {
            "ResultConfiguration": {},
            "EnforceWorkGroupConfiguration": False,
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
        }
        return {"WorkGroup": {"Name": request["WorkGroup"], "State": "ENABLED", "Configuration": configuration}}

    def _GetDataCatalog(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["Name"].lower() != "awsdatacatalog":
            raise BadRequest(f"DataCatalog {request['Name']} was not found.")
        return {"DataCatalog": {"Name": "AwsDataCatalog", "Type": "GLUE", "Parameters": {"catalog-id": "123456789012"}}}

    def _ListDataCatalogs(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"DataCatalogsSummary": [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]}

    def _query(self, name: str) -> Query:
        if name not in self.queries:
            raise BadRequest(f"QueryExecution {name} was not found")
        return self.queries[name]


def respond(athena: Athena, operation: str, body: bytes) -> tuple[str, bytes]:
    """The HTTP status and body for a request of an operation."""
    try:
        return "200 OK", json.dumps(athena.answer(operation, json.loads(body or b"{}"))).encode()
    except BadRequest as error:
        failure = {"__type": "InvalidRequestException", "Message": str(error), "message": str(error)}
        return "400 Bad Request", json.dumps(failure).encode()
