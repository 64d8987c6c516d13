"""`python -m benchmarks.report_site`: how long the BI site takes to build, what its pages weigh and when
they show.

Here: one build from the published copies of CLOUDTALLY_LAKE, or from them with each service divided
(`--services 200`), and each page opened in a Chromium that has nothing in its cache. Not here: making the
lake (`tally demo`, `tally publish`), dividing (report_estate.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from benchmarks import report_estate
from ingestion import environment
from orchestration import publishing, reporting, static_site

ROOT = Path(__file__).resolve().parents[1]
# until the first figure of the page stands there, counted from the navigation's start
_SHOWN = """
const wanted = arguments[0], done = arguments[arguments.length - 1];
const look = () => document.querySelector(wanted) ? done(performance.now()) : setTimeout(look, 10);
look();
"""


def pages() -> list[str]:
    """The paths of all pages, the overview's first."""
    names = sorted(path.stem for path in (reporting.PROJECT / "pages").glob("*.md"))
    return ["", *(f"{name}/" for name in names if name != "index")]


def weigh(site: Path, path: str) -> tuple[float, int, int]:
    """Seconds until the first chart or table stands, bytes sent without the SQL engine, bytes of that."""
    sys.path.insert(0, str(ROOT / "tests" / "reports"))
    from browser import browsing

    sent: list[tuple[str, int]] = []
    with (
        static_site.serving(site, sent=lambda name, size: sent.append((name, size))) as url,
        browsing(url) as browser,
    ):
        browser.driver.get(f"{url}/{path}")
        shown = browser.driver.execute_async_script(_SHOWN, "main canvas, main svg text, main table td")
        browser.settle()
        time.sleep(2)
    engine = sum(size for name, size in sent if name.endswith(".wasm") or "duckdb-browser" in name)
    return shown / 1000, sum(size for _, size in sent) - engine, engine


def main() -> None:
    """Print the measures as a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--built", action="store_true", help="measure the site as it is, without a build")
    arguments.add_argument(
        "--services", type=int, help="divide services until there are so many, in build/report-site"
    )
    told = arguments.parse_args()
    if told.services:
        larger = ROOT / "build" / "report-site"
        if not told.built:
            shutil.rmtree(larger, ignore_errors=True)
            published = (Path(environment.lake()).resolve() / publishing.FOLDER).resolve()
            print(f"{report_estate.divide(published, larger, told.services)} services\n")
        os.environ["CLOUDTALLY_LAKE"] = str(larger)
    if told.built:
        site = Path(environment.lake()).resolve() / reporting.FOLDER
    else:
        began = time.monotonic()
        steps: list[tuple[str, float]] = []
        site = reporting.build(lambda step: steps.append((step, time.monotonic()))).folder
        ended = time.monotonic()
        for (step, at), after in zip(steps, [*(at for _, at in steps[1:]), ended], strict=True):
            print(f"{step:<28} {after - at:6.1f} s")
        print(f"{'all':<28} {ended - began:6.1f} s\n")
    print(f"{'page':<24} {'shown after':>12} {'sent':>10} {'SQL engine':>12}")
    for path in pages():
        shown, sent, engine = weigh(site, path)
        print(f"{path or '/':<24} {shown:10.2f} s {sent / 1e6:7.2f} MB {engine / 1e6:9.2f} MB")


if __name__ == "__main__":
    main()
