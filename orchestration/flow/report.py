"""The BI site as an asset behind the published copies that its pages read.

Here: its lineage, and what a machine without Node.js makes of it. Not here: building it
(orchestration/reporting.py).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import publishing, reporting

GROUP = "report"


def asset() -> dg.AssetsDefinition:
    """`report/site`. It opens no warehouse, so it takes no turn at it."""

    @dg.asset(
        key=[GROUP, "site"],
        deps=[dg.AssetKey([publishing.FOLDER, mart]) for mart in sorted(reporting.marts())],
        group_name=GROUP,
        kinds={"evidence", "html"},
        description="The BI site in the lake's `report/`, static files; `tally report --serve` shows it.",
        output_required=False,
    )
    def site(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        try:
            built = reporting.build(context.log.info)
        except reporting.NoNode as error:
            context.log.warning(f"no site is built on this machine: {error}")
            return
        except reporting.CannotReport as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        files = [file for file in built.folder.rglob("*") if file.is_file()]
        yield dg.MaterializeResult(
            metadata={
                "files": len(files),
                "bytes": sum(file.stat().st_size for file in files),
                "path": dg.MetadataValue.path(str(built.folder / "index.html")),
            }
        )

    return site
