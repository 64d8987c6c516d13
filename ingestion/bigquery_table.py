"""Google's bill where Google keeps it: a table of BigQuery, landed by the months of its export_time.

Google only ever appends, so a month of exports whose rows or times moved since it was landed is extracted
anew, to Parquet files in a bucket of Cloud Storage (CLOUDTALLY_EXTRACTS), and landed from there as any
export: it holds all rows of its interval, and so replaces what was landed of that month before. Not days:
commitments' fees and what they pay for are matched within a delivery, and Google may export them on different
days. The credentials are Google's application default ones. Here: what moved, and extracting it. Not here:
landing the extracted files (landing.py).
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import ModuleType

from ingestion import buckets, environment, records, rules
from ingestion.errors import LakeUnwritable, LandingError, NoAccess, Unreachable
from ingestion.lake import place
from ingestion.lakes import AnyLake
from ingestion.recognition import Order
from ingestion.records import Delivery
from ingestion.results import LandingResult, Skipped, gathered

_URI = re.compile(r"bigquery://(?P<project>[\w.:-]+)/(?P<dataset>\w+)/(?P<table>[\w-]+)/?")
_ACCOUNT = re.compile(r"gcp_billing_export_(?:resource_v1|v1|focus)_(?P<account>\w+)")
_EXPORT_TIMES = ("export_time", "x_exporttime")
_ROLES = (
    "BigQuery Data Viewer on the dataset, BigQuery Job User on the project that runs the queries, and "
    "Storage Object User on the bucket of CLOUDTALLY_EXTRACTS"
)


@dataclass(frozen=True)
class Month:
    """The rows of one UTC month of exports. `partitions`: first and last of the table's that hold them."""

    first: datetime
    last: datetime
    rows: int
    partitions: tuple[datetime, datetime] | None

    def is_landed_as(self, delivery: Delivery) -> bool:
        """Whether a delivery of the table holds just these rows."""
        times = (delivery.export_time_from, delivery.export_time_to)
        expected = (records.microseconds(self.first), records.microseconds(self.last))
        return delivery.rows == self.rows and times == expected

    def holds(self, delivery: Delivery) -> bool:
        """Whether all exports of a delivery were made in this month."""
        times = (delivery.export_time_from, delivery.export_time_to)
        return all(time is not None and time[:7] == f"{self.first:%Y-%m}" for time in times)


def land_table(
    order: Order,
    lake: AnyLake,
    since: date | None,
    land: Callable[[str, str], LandingResult],
) -> LandingResult:
    """Land each month that moved, by `land` of an extract's URI and a scope; one that has fewer rows than the
    lake holds of it is an error. Raises LandingError, after the other months have still been tried."""
    table = Table(order.source, order.provider)
    _refuse_extracts_inside(lake)
    scope = records.slug(order.scope or table.scope)
    with lake.lock():
        deliveries = lake.held().of_scope(scope)
    known = [delivery for delivery in deliveries if table.path in delivery.source]
    live = {d.delivery_id for counting in rules.current(deliveries).values() for d in counting}

    def land_month(month: Month) -> LandingResult:
        counting = (d for d in known if d.delivery_id in live and month.holds(d))
        fullest = max(counting, key=lambda delivery: delivery.rows, default=None)
        if fullest and fullest.rows > month.rows:
            raise _shrunk(table.source, month, fullest)
        if landed := next((delivery for delivery in known if month.is_landed_as(delivery)), None):
            reason = f"already landed as delivery {landed.delivery_id}"
            return LandingResult(skipped=(Skipped(landed.label, reason, landed.delivery_id),))
        with table.extracted(month) as uri:
            return land(uri, scope)

    # where one month meets an outage or lacks a right, no other would fare better
    return gathered(table.months(since), land_month, ends=(LakeUnwritable, NoAccess, Unreachable))


class Table:
    """Raises LandingError when there is none, or it is no export of Google's."""

    def __init__(self, source: str, provider: str = "gcp") -> None:
        if provider not in ("gcp", "focus"):
            raise LandingError(f"{source}: holds Google's bills; land it with: tally land gcp")
        named = _URI.fullmatch(source)
        if not named:
            raise LandingError(f"{source}: no table; write bigquery://PROJECT/DATASET/TABLE")
        self.source = source
        self.path = "/{project}/{dataset}/{table}/".format(**named.groupdict())
        account = _ACCOUNT.fullmatch(named["table"])
        # of the table, not of its rows: a month may have rows of one account, and the next of several
        self.scope = account["account"].replace("_", "-") if account else named["table"]
        self._name = "`{project}`.`{dataset}`.`{table}`".format(**named.groupdict())
        self._extracts = environment.extracts().rstrip("/")
        if environment.scheme(self._extracts) != "gs":
            raise LandingError(
                f"{source}: a table is extracted to a bucket first; set CLOUDTALLY_EXTRACTS to "
                "gs://BUCKET/FOLDER in the dataset's location, outside of the lake"
            )
        bigquery = _library()
        from google.auth.credentials import AnonymousCredentials

        with self._told():
            self._client = bigquery.Client(
                environment.google_payer() or named["project"],
                AnonymousCredentials() if environment.bigquery_emulator() else None,
            )
            about = self._client.get_table("{project}.{dataset}.{table}".format(**named.groupdict()))
        found = [field.name for field in about.schema if field.name.lower() in _EXPORT_TIMES]
        if not found:
            raise LandingError(f"{source}: has no column export_time; give Google's own billing export table")
        self._time = f"`{found[0]}`"
        self._is_partitioned = about.time_partitioning is not None and about.time_partitioning.field is None

    def rehearse(self) -> None:
        """Have the rights to query the table looked at, by a query that is not run. Raises LandingError."""
        with self._told():
            self._client.query(self._question(None), _library().QueryJobConfig(dry_run=True))

    def months(self, since: date | None = None) -> list[Month]:
        """What the table has from the month of `since` on, oldest first. Reads the export times alone."""
        first = datetime(since.year, since.month, 1, tzinfo=UTC) if since else None
        with self._told():
            rows = [row.values() for row in self._client.query(self._question(first)).result()]
        if any(month is None for month, *_ in rows):
            raise LandingError(f"{self.source}: has rows without an export time; give Google's own table")
        return [
            Month(first, last, count, (start, end) if start else None)
            for _, first, last, count, start, end in rows
        ]

    def _question(self, first: datetime | None) -> str:
        partitions = "min(_PARTITIONTIME), max(_PARTITIONTIME)" if self._is_partitioned else "null, null"
        return (
            f"select timestamp_trunc({self._time}, month), min({self._time}), max({self._time}), count(*), "
            f"{partitions} from {self._name}"
            + (f" where {self._time} >= {_timestamp(first)}" if first else "")
            + " group by 1 order by 1"
        )

    @contextmanager
    def extracted(self, month: Month) -> Iterator[str]:
        """The URI of a folder with the month's rows in Parquet, removed afterwards."""
        folder = f"{self._extracts}{self.path}{month.first:%Y-%m}/{secrets.token_hex(4)}/"
        try:
            with self._told():
                self._client.query(self.statement(month, folder)).result()
            yield folder
        finally:
            with contextlib.suppress(LandingError):
                at = buckets.address(folder)
                bucket = buckets.open_bucket(at)
                for found in list(bucket.list(f"{at.path}/")):
                    bucket.delete(found.path)

    def statement(self, month: Month, folder: str) -> str:
        """What extracts a month: bounded, so that rows which come meanwhile are left to the next run."""
        where = f"{self._time} between {_timestamp(month.first)} and {_timestamp(month.last)}"
        if month.partitions:
            start, end = (_timestamp(moment) for moment in month.partitions)
            where += f" and (_PARTITIONTIME between {start} and {end} or _PARTITIONTIME is null)"
        options = f"uri = '{folder}*.parquet', format = 'PARQUET', compression = 'SNAPPY', overwrite = true"
        return f"export data options ({options}) as select * from {self._name} where {where}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the client's errors into ours."""
        import requests
        from google.api_core import exceptions
        from google.auth.exceptions import GoogleAuthError

        try:
            yield
        except exceptions.NotFound as error:
            raise LandingError(
                f"{self.source}: no such table, dataset or bucket of CLOUDTALLY_EXTRACTS, or they lie in "
                "different locations; check the names"
            ) from error
        except exceptions.Forbidden as error:
            reason = next((str(one.get("reason")) for one in error.errors if isinstance(one, dict)), "")
            if "exceeded" in reason.lower():
                raise Unreachable(
                    f"{self.source}: BigQuery's quota is used up ({reason}); run again later, or raise it"
                ) from error
            said = f" ({reason})" if reason else ""
            raise NoAccess(f"{self.source}: no permission{said}; grant {_ROLES}") from error
        except (exceptions.Unauthorized, GoogleAuthError) as error:
            raise NoAccess(
                f"{self.source}: no Google credentials were accepted; run gcloud auth application-default "
                "login, or run where a service account is attached"
            ) from error
        except exceptions.BadRequest as error:
            raise LandingError(f"{self.source}: BigQuery refused the query ({error.message})") from error
        except (exceptions.GoogleAPIError, requests.RequestException, OSError) as error:
            raise Unreachable(
                f"{self.source}: BigQuery cannot be reached or failed ({type(error).__name__}); "
                "run again later"
            ) from error


def _refuse_extracts_inside(lake: AnyLake) -> None:
    """Before an extract is paid for: nothing of a lake is ever read as a source."""
    if environment.is_local(str(lake.root)):
        return
    extracts, held = (buckets.address(str(uri)) for uri in (environment.extracts(), lake.root))
    inside = f"{extracts.path}/".startswith(f"{held.path}/" if held.path else "")
    if inside and extracts.root == held.root:
        raise LandingError(
            f"CLOUDTALLY_EXTRACTS {environment.extracts()}: lies inside the lake {lake.root}; set it to "
            "another bucket or folder"
        )


def _shrunk(source: str, month: Month, landed: Delivery) -> LandingError:
    """Google takes no row back: they went by the table's doing, and the bill in the lake is the truer one."""
    return LandingError(
        f"{source}: has {month.rows} rows of exports of {month.first:%Y-%m}, and delivery "
        f"{landed.delivery_id} holds {landed.rows}; the month was not landed. The table's partitions expire, "
        "or it was emptied or replaced: lift the expiry, or leave the month out with --since; to take the "
        f"month as the table has it now, remove {place(landed)} from the lake and land again"
    )


def _library() -> ModuleType:
    try:
        from google.cloud import bigquery
    except ImportError as error:
        raise LandingError(
            "bigquery://: needs Google's client of BigQuery; install it with: pip install "
            "'cloudtally[cloud]' (uv sync --extra cloud)"
        ) from error
    return bigquery


def _timestamp(moment: datetime) -> str:
    return f"timestamp '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
