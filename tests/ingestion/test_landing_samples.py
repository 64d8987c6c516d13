"""Real, anonymised bills land as bare single files. Skipped where the samples are not at hand."""

from pathlib import Path

import pytest

from ingestion import land

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the repository")


@pytest.mark.parametrize(
    ("provider", "name", "dataset", "scope", "slices", "unknown"),
    [
        ("aws", "aws_legacy_cur.csv", "cur", "123412340534", [("aws", "2023-11-01", 1281)], 10),
        ("azure", "azure_ea_actual.csv", "azure_actual", "12345678", [("azure", "2023-09-01", 27)], 0),
        (
            "focus",
            "focus_1_0_multicloud.csv",
            "focus",
            "default",
            [
                ("aws", "2024-09-01", 942),
                ("azure", "2024-09-01", 51),
                ("oracle", "2024-09-01", 6),
                ("oracle", "2024-10-01", 1),
            ],
            1,
        ),
    ],
)
def test_sample(lake, provider, name, dataset, scope, slices, unknown):
    (delivery,) = land(provider, str(SAMPLES / name), lake).landed
    assert (delivery.dataset, delivery.scope) == (dataset, scope)
    assert [(s.provider, s.billing_period, s.rows) for s in delivery.slices] == slices
    assert len(delivery.unknown_columns) == unknown
    assert len(land(provider, str(SAMPLES / name), lake).skipped) == 1
