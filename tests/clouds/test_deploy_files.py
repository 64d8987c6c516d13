"""What can be held of deployments without their clouds: Bicep that parses and names what there is, packages that run."""

import re
import subprocess
import sys

import emulators
import pytest

DEPLOY = emulators.PROJECT / "deploy"


def test_the_bicep_parses_and_every_reference_is_declared():
    pycep = pytest.importorskip("pycep", reason="pycep-parser is not installed")
    text = (DEPLOY / "azure" / "main.bicep").read_text()
    said = pycep.BicepParser().parse(text=text)
    resources, variables, parameters = (said[kind] for kind in ("resources", "variables", "parameters"))
    assert len(resources) > 15
    code = re.sub(r"(?m)^\s*//.*", "", text)
    used = set(re.findall(r"(?<![\w.'/])(\w+)\.(?:id|name|location|identity|properties)\b", code))
    assert len(used) > 8 and used <= resources.keys()
    for name in [*variables, *parameters]:
        assert len(re.findall(rf"\b{name}\b", code)) > 1, name


# Azure's own ids of the roles that it builds in
ROLES = {
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0": "Azure Service Bus Data Receiver",
    "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39": "Azure Service Bus Data Sender",
    "d5a91429-5739-47e2-a06b-3470a27159e7": "EventGrid Data Sender",
}


def test_the_deployments_page_names_the_roles_that_the_bicep_gives():
    text = (DEPLOY / "azure" / "main.bicep").read_text()
    ids = dict(re.findall(r"var (\w+) = '([0-9a-f-]{36})'", text))
    given = re.findall(r"subscriptionResourceId\('Microsoft.Authorization/roleDefinitions', (\w+)\)", text)
    page = (emulators.PROJECT / "docs" / "deploy.md").read_text().partition("## Azure")[2]
    named = re.findall(r"\| ((?:Azure Service Bus|Storage Blob|EventGrid) Data \w+) on ", page)
    assert sorted(ROLES[ids[name]] for name in given) == sorted(named) and len(named) > 5


@pytest.mark.parametrize("of", ["aws", "azure", "gcp"])
def test_a_package_runs_by_itself(of, tmp_path):
    """From its own folder alone the entry point is found, and every setting of the deployment is one of ours."""
    package = (
        "import sys; sys.path.insert(0, 'deploy'); from package import package; from pathlib import Path; "
    )
    package += f"package('{of}', Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", package, str(tmp_path / "f")], check=True, cwd=emulators.PROJECT)
    wanted = [line for line in (tmp_path / "f/requirements.txt").read_text().split() if ">=" in line]
    project = (emulators.PROJECT / "pyproject.toml").read_text()
    assert wanted and [line for line in wanted if f'"{line}"' not in project] == [], (
        "other versions than ours"
    )
    entry = {"aws": "ingestion.handlers.aws_lambda", "azure": "function_app", "gcp": "main"}[of]
    if of == "azure":
        pytest.importorskip("azure.functions", reason="azure-functions is not installed")
    if of != "aws":
        pytest.importorskip("jwt", reason="needs the extra cloud: uv sync --all-extras")
    code = (
        f"import {entry} as entry, ingestion.shapes; ingestion.shapes.declared('cur2'); print(entry.__file__)"
    )
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "f")}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "f", env=environment, capture_output=True, text=True
    )
    assert said.stdout.startswith(str(tmp_path / "f")), said.stderr
    files = [file for kind in ("*.yaml", "*.bicep", "*.tf") for file in (DEPLOY / of).glob(kind)]
    text = "".join(file.read_text() for file in files)
    settings = set(re.findall(r"CLOUDTALLY_[A-Z]+(?:_[A-Z]+)*", text))
    assert "CLOUDTALLY_LAKE" in settings
    known = (emulators.PROJECT / "ingestion" / "environment.py").read_text()
    bound = {"CLOUDTALLY_BUS", "CLOUDTALLY_QUEUE"}  # read by Azure Functions itself
    assert {name for name in settings - bound if name not in known} == set()
