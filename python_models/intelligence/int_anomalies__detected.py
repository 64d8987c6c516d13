"""The flagged days with their reasons: what contributed, and a sentence for people.

Here: reading the flags and what the ledger has behind them, and handing them over. Not here: reasons.
"""

from intelligence.computed import int_anomalies__detected


def model(dbt, session):
    return int_anomalies__detected(
        int_anomalies__flagged=dbt.ref("int_anomalies__flagged").df(),
        int_anomalies__details=dbt.ref("int_anomalies__details").df(),
    )
