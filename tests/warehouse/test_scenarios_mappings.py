"""An edited mapping or seed rebuilds the slices that it touches, and no others."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import restated
from lakes import PROJECT, Warehouse
from quick import KEPT, Quick

PARTS = (
    ".dbtignore",
    "dbt_project.yml",
    "profiles.yml",
    "models",
    "python_models",
    "macros",
    "seeds",
    "tests",
    "docs",
    "orchestration",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the dbt project, free to edit."""
    folder = tmp_path / "project"
    folder.mkdir()
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_edited_mapping_rebuilds_the_slices_of_its_provider(
    built: Warehouse, quick: Quick, project: Path
) -> None:
    edit(project / "models/staging/gcp/stg_gcp__focus.sql", "'Google Cloud'", "'Google'")
    rebuilt = Quick(quick.lake, project).build()
    assert all(": gcp__" in slice for slice in rebuilt)
    assert sorted(slice.split(": ")[0] for slice in rebuilt) == [
        *["int_charges__attributed"] * 3,
        *["int_charges__summed"] * 3,
        *["int_commitments__charges"] * 3,
        *["stg_gcp__focus"] * 3,
    ]
    assert quick.ledger("provider <> 'gcp'") == built.ledger("provider <> 'gcp'")
    names = "select distinct publisher_name from marts.cost_and_usage where provider = 'gcp'"
    assert ("Google",) in quick.query(names) and ("Google Cloud",) not in quick.query(names)


def test_a_restatement_says_that_the_mapping_changed_too(
    estate: Path, quick: Quick, project: Path, tmp_path: Path
) -> None:
    edit(project / "models/staging/gcp/stg_gcp__focus.sql", "'Google Cloud'", "'Google'")
    late = restated.late(estate, tmp_path / "bill", date(2026, 8, 1))
    quick.land("gcp", late, estate="demo")
    aws = restated.aws(
        estate,
        tmp_path / "aws",
        datetime(2026, 11, 5, tzinfo=UTC),
        "2026-09",
        select=restated.FEWER_CHANGED_AND_NEW,
    )
    quick.land("aws", aws, estate="demo")
    Quick(quick.lake, project).build("--select", "+restatements")
    told = (
        "select distinct provider, billing_period::varchar, is_remapped from marts.restatements order by all"
    )
    assert quick.query(told) == [("aws", "2026-09-01", False), ("gcp", "2026-08-01", True)]


def test_an_edited_seed_rebuilds_the_slices_that_read_it(
    built: Warehouse, quick: Quick, project: Path
) -> None:
    seed = project / "seeds/aws_services.csv"
    line = next(line for line in seed.read_text().splitlines() if line.startswith("AmazonEC2,"))
    edit(seed, line, line.replace(",Compute,Virtual Machines", ",Other,Other (Other)"))
    rebuilt = Quick(quick.lake, project).build_with_seeds()
    # three months each; native FOCUS files of AWS take their services' classes from the same seed
    models = sorted(slice.split(": ")[0] for slice in rebuilt)
    kept = [name for name in KEPT if name != "int_deliveries__raw_totals" for _ in range(6)]
    assert models == kept + ["stg_aws__focus"] * 3 + ["stg_focus__focus"] * 3
    assert quick.ledger("provider <> 'aws'") == built.ledger("provider <> 'aws'")
    assert quick.ledger("provider = 'aws'") != built.ledger("provider = 'aws'")
    money = "select sum(billed_cost), sum(effective_cost), count(*) from marts.cost_and_usage"
    assert quick.query(money) == built.query(money)
