"""How fast Dateline starts and how much it needs, beside what was set as the limit.

usage: python benchmarks/start.py [CORPUS.jsonl]

Prints CPU seconds and memory of whole commands, `dateline resolve`, `footprint` and `read`, as ratios to a bare Python
and to one that imports geopandas, in the same run; with a corpus, also of `dateline read` on all of it; the time from
`dateline serve` to the first page; the page's bytes; and how long Chromium takes until the map can be used. The index
must be built (`dateline gazetteer build`).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 7
READY = "() => document.querySelectorAll('.leaflet-container path').length > 0"


@dataclass(frozen=True)
class Run:
    """CPU seconds and peak memory (MB) of a whole process."""

    seconds: float
    megabytes: float


def main() -> None:
    """Print every figure."""
    bare, geopandas = measured([sys.executable, "-c", "pass"]), measured([sys.executable, "-c", "import geopandas"])
    for name, (arguments, seconds, megabytes) in commands(sys.argv[1:]).items():
        run = measured([sys.executable, "-m", "geo.cli", *arguments])
        print(f"{name}: {run.seconds:.2f} s (limit {seconds}), {run.megabytes:.0f} MB (limit {megabytes})")
        print(f"  {run.seconds / bare.seconds:.1f} times a bare Python")
        print(f"  {run.megabytes / bare.megabytes:.1f} times its memory")
        print(f"  {run.seconds / geopandas.seconds:.2f} times `import geopandas`")
    with served() as (address, started):
        page = fetched(address)
        print(f"start to first page: {time.perf_counter() - started:.1f} s (limit 5)")
        print(f"page: {len(page) / 1e6:.2f} MB (limit 1.5)")
        print(f"usable in Chromium after {usable(address):.2f} s (limit 2)")


def commands(corpora: Sequence[str]) -> dict[str, tuple[list[str], float, int]]:
    """Return the commands measured: arguments, and the limits of their CPU seconds and memory (MB)."""
    samples = Path(__file__).parent.parent / "data" / "articles"
    report = str(next(iter(sorted(samples.glob("*.txt")))))
    found: dict[str, tuple[list[str], float, int]] = {
        "resolve": (["resolve", "Deraa"], 0.5, 120),
        "footprint": (["footprint", "the north of the province Homs"], 1, 400),
        "read one report": (["read", report, "--format", "jsonl"], 1, 400),
    }
    return found | {f"read {corpus}": (["read", corpus, "--format", "jsonl"], 3, 400) for corpus in corpora}


def measured(command: Sequence[str]) -> Run:
    """Run a command several times; the least CPU time, which other work disturbs least, and the largest memory."""
    runs = [_run(command) for _ in range(ROUNDS)]
    return Run(min(run.seconds for run in runs), max(run.megabytes for run in runs))


def _run(command: Sequence[str]) -> Run:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def served() -> Iterator[tuple[str, float]]:
    """Serve an empty workspace; its address and when it was started."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATELINE_WORKSPACE": f"sqlite:///{Path(folder) / 'workspace.db'}"}
        started = time.perf_counter()
        command = [sys.executable, "-u", "-m", "geo.cli", "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stdout is not None
            yield server.stdout.readline().split()[3], started
            server.terminate()


def fetched(address: str) -> bytes:
    """Return a page of our own server."""
    with urllib.request.urlopen(address) as answer:
        content: bytes = answer.read()
    return content


def usable(address: str) -> float:
    """Return the median seconds from asking for the page until its map has its shapes."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        seconds = []
        for _ in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            start = time.perf_counter()
            page.goto(address, wait_until="load")
            page.wait_for_function(READY)
            seconds.append(time.perf_counter() - start)
            page.close()
        browser.close()
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
