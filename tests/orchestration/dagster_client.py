"""Dagster's GraphQL as the tests speak it: questions, waiting for runs, and what a run did.

Here: the calls. Not here: assertions.
"""

from __future__ import annotations

import json
import time
import urllib.request

SELECTOR = {"repositoryLocationName": "cloudtally", "repositoryName": "__repository__"}
RUNS = "{ runsOrError(limit: 20) { ... on Runs { results { runId rootRunId status jobName tags { key value } } } } }"
BACKFILL = """
mutation start($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) { __typename ... on LaunchBackfillSuccess { backfillId } }
}
"""
CHECKS = """
query checks($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode { assetChecksOrError { ... on AssetChecks {
    checks { name executionForLatestMaterialization { status runId } }
  } } } }
}
"""
EVENTS = """
query events($run: ID!, $after: String) {
  logsForRun(runId: $run, afterCursor: $after) { ... on EventConnection { cursor hasMore events {
    __typename
    ... on MaterializationEvent { metadataEntries { label ... on TextMetadataEntry { text } } }
    ... on AssetCheckEvaluationEvent {
      evaluation { success metadataEntries { label ... on TextMetadataEntry { text } } }
    }
  } } }
}
"""
MATERIALIZATIONS = """
query made($key: AssetKeyInput!) {
  assetOrError(assetKey: $key) { ... on Asset { assetMaterializations(limit: 20) {
    runId partition metadataEntries { label ... on IntMetadataEntry { intValue } ... on FloatMetadataEntry { floatValue } }
  } } }
}
"""
_ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


class Client:
    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str, **variables: object) -> dict:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            told = json.load(response)
        assert not told.get("errors"), told
        return told["data"]

    def runs(self, **tags: str) -> list[dict]:
        """The runs that bear all these tags, newest first."""
        found = self.ask(RUNS)["runsOrError"]["results"]
        for run in found:
            run["tags"] = {tag["key"]: tag["value"] for tag in run["tags"]}
        return [run for run in found if tags.items() <= run["tags"].items()]

    def until(self, is_so, seconds: float = 600):
        """The first truth that `is_so` gives; fails when it gives none in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := is_so():
                return found
            time.sleep(1)
        raise AssertionError(f"not within {seconds} s; runs: {self.runs()}")

    def ended(self, **tags: str) -> list[dict]:
        """The runs of these tags, as soon as there are any and all have ended."""
        return self.until(
            lambda: (runs := self.runs(**tags)) and all(run["status"] in _ENDED for run in runs) and runs
        )

    def backfill(self, keys: list[list[str]], partitions: list[str]) -> str:
        """Start a backfill of assets, as the UI's button does; its id."""
        params = {
            "assetSelection": [{"path": key} for key in keys],
            "partitionNames": partitions,
            "fromFailure": False,
        }
        return self.ask(BACKFILL, params=params)["launchPartitionBackfill"]["backfillId"]

    def checks(self, *path: str) -> dict[str, dict]:
        """The latest execution of each of an asset's checks, by name."""
        node = self.ask(CHECKS, key={"path": list(path)})["assetNodeOrError"]
        found = node["assetChecksOrError"]["checks"]
        return {check["name"]: check["executionForLatestMaterialization"] for check in found}

    def materializations(self, *path: str) -> list[dict]:
        """The newest materializations of an asset; `metadata` by label."""
        found = self.ask(MATERIALIZATIONS, key={"path": list(path)})["assetOrError"]["assetMaterializations"]
        for made in found:
            entries = made.pop("metadataEntries")
            made["metadata"] = {e["label"]: e.get("intValue", e.get("floatValue")) for e in entries}
        return found

    def invocations(self, run: str) -> dict[str, str]:
        """Of what a run told of dbt's models and of tests that passed: which invocation of dbt made it."""
        found, after = {}, None
        while True:
            told = self.ask(EVENTS, run=run, after=after)["logsForRun"]
            for event in told["events"]:
                about = event.get("evaluation") or event
                if about.get("success", True):
                    texts = {entry["label"]: entry.get("text") for entry in about.get("metadataEntries", ())}
                    if "unique_id" in texts:
                        found[texts["unique_id"]] = texts["invocation_id"]
            if not told["hasMore"]:
                return found
            after = told["cursor"]
