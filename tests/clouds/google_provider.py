"""What Terraform's provider of Google knows of the resources that deploy/gcp uses, kept in google_provider.json.

    python tests/clouds/google_provider.py      makes it anew; needs npm

Terraform and its providers come from no package registry, but npm has the provider's schema, as the bindings of
another tool. Here: the excerpt of it: attributes, blocks and outputs. Not here: holding the files to it
(test_deploy_terraform.py).
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@cdktf/provider-google@16.12.1"  # of hashicorp/google 6.50.0, the last that it was made of
EXCERPT = Path(__file__).with_name("google_provider.json")
DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "gcp"
_DECLARED = re.compile(r'^(resource|data) "(google_\w+)"', re.MULTILINE)
_OF_TERRAFORM = {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"}


def declared() -> set[tuple[str, str]]:
    """(resource or data, its type) of all that is declared in deploy/gcp."""
    return {found for file in DEPLOY.glob("*.tf") for found in _DECLARED.findall(file.read_text())}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        [packed] = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            types = json.load(archive.extractfile("package/.jsii"))["types"]
    excerpt = {f"{kind} {name}": _schema(types, kind, name) for kind, name in sorted(declared())}
    EXCERPT.write_text(json.dumps({"package": PACKAGE} | excerpt, indent=1) + "\n")


def _schema(types: dict, kind: str, name: str) -> dict:
    camel = re.sub(r"_(\w)", lambda found: found[1].upper(), name.removeprefix("google_"))
    camel = camel[0].upper() + camel[1:]
    if kind == "data":
        camel = f"DataGoogle{camel}"
    module = f"@cdktf/provider-google.{camel[0].lower()}{camel[1:]}."
    outputs = {_snake(one["name"]) for one in types[module + camel]["properties"] if not one.get("static")}
    return _block(types, module, f"{module}{camel}Config") | {"outputs": sorted(outputs)}


def _block(types: dict, module: str, name: str) -> dict:
    found: dict = {"required": [], "optional": [], "blocks": {}}
    for one in types[name].get("properties", ()):
        attribute = _snake(one["name"])
        if attribute in _OF_TERRAFORM:
            continue
        found["optional" if one.get("optional") else "required"].append(attribute)
        inner = re.search(rf'"({re.escape(module)}\w+)"', json.dumps(one["type"]))
        if inner and attribute != "timeouts":
            found["blocks"][attribute] = _block(types, module, inner[1])
    return found


def _snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


if __name__ == "__main__":
    main()
