"""Ingest a generated corpus into a workspace, and record rate and memory as it goes.

usage: python benchmarks/ingest.py --articles 100000 --workers 2 --record FILE.jsonl [--store URL] [--corpus FILE]

Each line of the record is a moment: seconds since the start, articles stored, resident memory of each process (the
first one reads sources and stores, the others read articles), CPU seconds of all of them, bytes of the store. The last
line says what was run, and rate and processor time in each fifth of it. ``scripts/plot_ingest.py`` draws it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from geo.batch import IngestReport, Options, ingest
from geo.batch.reading import version_of_reading
from geo.settings import load_settings
from geo.workspace.workspace import open_workspace

_EVERY = 2.0
"""Seconds between two moments."""


@dataclass(frozen=True)
class Moment:
    """Where a run is."""

    seconds: float
    articles: int
    megabytes: tuple[float, ...]
    cpu_seconds: float
    store_megabytes: float


class Recorder:
    """Writes down moments as a run goes on."""

    def __init__(self, record: Path, store: Path | None) -> None:
        self._file = record.open("w", encoding="utf-8")
        self._store = store
        self.moments: list[Moment] = []
        self._began = self._last = time.monotonic()
        self._cpu_before = _ended_cpu_seconds() + _cpu_seconds(os.getpid())

    def see(self, report: IngestReport) -> None:
        """Write a moment down, every few seconds."""
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self.write(asdict(self.moment(report)))

    @property
    def largest(self) -> float:
        """The most megabytes that a process held."""
        return max(max(moment.megabytes) for moment in self.moments)

    def moment(self, report: IngestReport) -> Moment:
        family = [os.getpid(), *_children(os.getpid())]
        megabytes = tuple(map(_megabytes, family))
        files = [Path(f"{self._store}{end}") for end in ("", "-wal")] if self._store else []
        moment = Moment(
            seconds=round(time.monotonic() - self._began, 2),
            articles=report.read,
            megabytes=megabytes,
            cpu_seconds=round(_ended_cpu_seconds() + sum(map(_cpu_seconds, family)) - self._cpu_before, 2),
            store_megabytes=round(sum(file.stat().st_size for file in files if file.exists()) / 1e6, 1),
        )
        self.moments.append(moment)
        return moment

    def write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def by_fifths(moments: Sequence[Moment]) -> list[tuple[float, float]]:
    """Return articles a second and milliseconds of processor time an article, for each fifth of a run's articles."""
    total = moments[-1].articles
    bounds = [next(moment for moment in moments if moment.articles >= total * fifth / 5) for fifth in range(6)]
    return [
        (
            round((end.articles - start.articles) / (end.seconds - start.seconds), 1),
            round(1000 * (end.cpu_seconds - start.cpu_seconds) / (end.articles - start.articles), 2),
        )
        for start, end in pairwise(bounds)
        if end.articles > start.articles
    ]


def _children(process: int) -> list[int]:
    """Return the worker processes, as Linux lists them; helpers without memory of their own are left out."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    listed = [child for thread in threads for child in thread.read_text(encoding="ascii").split()]
    return [int(child) for child in listed if _megabytes(int(child)) > 20]


def _megabytes(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _ended_cpu_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _cpu_seconds(process: int) -> float:
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--store", help="URL of an empty workspace; a temporary SQLite file without it")
    parser.add_argument("--corpus", type=Path, help="JSONL to ingest instead of generated reports")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        corpus = given.corpus or generated(Path(folder) / "corpus.jsonl", given.articles)
        store = given.store or f"sqlite:///{Path(folder) / 'workspace.db'}"
        _run(corpus, store, given.workers, given.record)


def generated(path: Path, count: int) -> Path:
    """Write a generated corpus."""
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
    from generate_corpus import reports

    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in reports(count))
    return path


def _run(corpus: Path, store: str, workers: int, record: Path) -> None:
    path = Path(store.removeprefix("sqlite:///")) if store.startswith("sqlite") else None
    settings = replace(load_settings(), workspace=store)
    open_workspace(store).close()
    version_of_reading(settings)  # makes what is made once
    recorder = Recorder(record, path)
    recorder.moment(IngestReport())
    report = ingest([corpus], settings, Options(workers=workers, progress=recorder.see))
    end = recorder.moment(report)
    about = {
        "report": report.summary(),
        "workers": workers,
        "store": "SQLite" if path else "PostgreSQL",
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "articles_per_second": round(report.read / end.seconds, 1),
        "cpu_milliseconds_per_article": round(1000 * end.cpu_seconds / max(1, report.read), 2),
        "by_fifths": by_fifths(recorder.moments),
        "largest_process_megabytes": recorder.largest,
        "store_bytes_per_article": round(1e6 * end.store_megabytes / max(1, report.read)),
    }
    recorder.write(about)
    print(json.dumps(about, indent=1))


if __name__ == "__main__":
    main()
