"""Ingest runs in processes of their own, which tests kill.

Its workers import this file anew: what they do not need is imported where it is used, so that runs start fast.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from reading_cast import reading_of

from geo.model import Article, Reading

MADE_BY = "a reader for tests"


def read(articles: Sequence[Article]) -> list[Reading]:
    """Find little, take a while as reading does, and die of poison."""
    if any("poisonous" in article.text for article in articles):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.001 * len(articles))
    return [replace(reading_of(article.text), article=article) for article in articles]


def write_corpus(folder: Path, texts: Sequence[str], sources: int = 1) -> Path:
    """Write texts as JSONL, published by so many in turn."""
    path = folder / "corpus.jsonl"
    items = [{"id": f"item {n}", "text": text, "source": f"Wire {n % sources}"} for n, text in enumerate(texts)]
    rows = map(json.dumps, items)
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


class Runs:
    """Starts runs quickly: each is forked from one process that has imported everything, and leads its own group."""

    def __enter__(self) -> Self:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=60)

    def kill_after(self, seconds: float, *arguments: object) -> None:
        """Start a run, and kill it with its workers after a while."""
        group = int(self._tell(*arguments))
        time.sleep(seconds)
        with suppress(ProcessLookupError):  # it has come to its end already
            os.killpg(group, signal.SIGKILL)
        self._tell()

    def finish(self, *arguments: object) -> float:
        """Run to the end and return how many seconds that took."""
        began = time.monotonic()
        self._tell(*arguments)
        assert self._tell() == "0", "the run failed"
        return time.monotonic() - began

    def _tell(self, *words: object) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(*words, sep="\t", file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()


def _serve() -> None:
    """Fork a run for each line and print its number; at the empty line after it, print how it ended."""
    import geo.batch.run
    import geo.workspace.transfer  # noqa: F401 - all that runs need is imported before they are forked

    for line in sys.stdin:
        if line.strip():
            child = os.fork()
            if not child:
                os.setsid()
                _run(*line.strip().split("\t"))
                os._exit(0)
            print(child, flush=True)  # noqa: T201 - the answer
        else:
            print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201 - the answer


def content_of(store: str) -> tuple[int, str]:
    """Return how many articles a store has, and its digest."""
    from geo.workspace.transfer import digest
    from geo.workspace.workspace import open_workspace

    with open_workspace(store) as workspace:
        return workspace.count(), digest(workspace)


def _run(store: str, corpus: str, workers: str) -> None:
    """Ingest, as ``dateline ingest`` does."""
    from geo.batch import Options, ingest_into
    from geo.workspace.workspace import open_workspace

    with open_workspace(store) as workspace:
        ingest_into(workspace, [corpus], read, made_by=MADE_BY, options=Options(workers=int(workers)))


if __name__ == "__main__":
    _serve()
