"""What can be held of Azure's and Google's deployments without their tools: they parse, and name what there is."""

import re
import subprocess
import sys

import emulators
import pytest

DEPLOY = emulators.PROJECT / "deploy"


def test_the_terraform_parses_and_every_reference_is_declared():
    hcl2 = pytest.importorskip("hcl2", reason="python-hcl2 is not installed")
    text = (DEPLOY / "gcp" / "main.tf").read_text()
    said = hcl2.loads(text)

    def names(kind):
        return {key.strip('"') for block in said[kind] for key in block}

    declared = {
        f"{kind.strip(chr(34))}.{name.strip(chr(34))}"
        for block in said["resource"]
        for kind, inner in block.items()
        for name in inner
    }
    code = re.sub(r"#.*", "", text)
    used = set(re.findall(r"(?<![\w.\"])(google_\w+\.\w+)", code))
    assert len(declared) > 15 and {name for name in used if not name.startswith("data")} <= declared
    assert set(re.findall(r"var\.(\w+)", code)) == names("variable")
    assert set(re.findall(r"local\.(\w+)", code)) <= {key for block in said["locals"] for key in block}


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
    file = {"aws": "template.yaml", "azure": "main.bicep", "gcp": "main.tf"}[of]
    settings = set(re.findall(r"CLOUDTALLY_[A-Z]+(?:_[A-Z]+)*", (DEPLOY / of / file).read_text()))
    known = (emulators.PROJECT / "ingestion" / "environment.py").read_text()
    bound = {"CLOUDTALLY_BUS", "CLOUDTALLY_QUEUE"}  # read by Azure Functions itself
    assert {name for name in settings - bound if name not in known} == set()
