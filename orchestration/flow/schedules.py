"""When things run that no event starts: polling, intelligence each day, the published copies each week.

Here: the polling job and the schedules, in UTC. Not here: what the asset jobs build (definitions.py names
it).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import sources
from orchestration.flow import one_writer


@dg.op(description="Land what is new at every source of the lake's sources.yml; events start the rest.")
def land_sources(context: dg.OpExecutionContext) -> None:
    """A bill that cannot be read fails the run at once; an export that is being written is tried again."""
    try:
        result, errors = sources.poll(sources.listed())
    except sources.BadSources as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    for delivery in result.landed:
        context.log.info(f"landed {delivery.label} as {delivery.delivery_id}, {delivery.rows} rows")
    for refused in result.refused:
        context.log.warning(f"refused: {refused.message}")
    context.log.info(f"{len(result.landed)} deliveries landed, {len(result.skipped)} were known already")
    if errors:
        told = "\n".join(error.message for error in errors)
        if all(sources.may_pass(error) or one_writer.may_pass(error) for error in errors):
            raise one_writer.another_try(context.retry_number) from errors[0]
        raise dg.Failure(told, allow_retries=False)
    if result.refused:
        raise dg.Failure(f"{len(result.refused)} deliveries were refused, see the log", allow_retries=False)


@dg.job(description="Land new bills of the sources in the lake's sources.yml.")
def poll_sources() -> None:
    land_sources()


@dg.schedule(
    job=poll_sources,
    cron_schedule="17 */4 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every four hours, for clouds that send no events: exports run a few times a day.",
)
def polling(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    if sources.path() is None or not sources.path().exists():
        yield dg.SkipReason(f"no {sources.FILE} in the lake")
    else:
        yield dg.RunRequest(run_key=None)


def daily(job_name: str) -> dg.ScheduleDefinition:
    """Anomalies and forecasts, before people come to work in Europe and after the night's exports."""
    return dg.ScheduleDefinition(
        name="intelligence_daily",
        job_name=job_name,
        cron_schedule="30 5 * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def weekly(job_name: str) -> dg.ScheduleDefinition:
    """All checks and all published copies anew, on Monday morning."""
    return dg.ScheduleDefinition(
        name="publication_weekly",
        job_name=job_name,
        cron_schedule="0 6 * * 1",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
