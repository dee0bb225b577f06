"""Nothing is lost and nothing doubled, whenever a run is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ingest_cast import Runs, content_of, write_corpus
from real_postgresql import new_database

from geo.batch import sample_files
from geo.batch.prepare import prepare
from geo.settings import Settings

KILLS, IN_A_ROW = 50, 5
# Some texts twice, of two sources, some ids taken by another text, some without places.
TEXTS = [f"Item {n % 350} from Rastan." if n % 7 else f"Item {n} from nowhere." for n in range(400)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path, TEXTS, sources=3)


def test_runs_killed_at_any_moment_end_as_an_undisturbed_one(store: str, corpus: Path, tmp_path: Path) -> None:
    stores = [_another(store, tmp_path, number) for number in range(KILLS // IN_A_ROW)]
    moments, found = random.Random(20170915), []
    with Runs() as runs:
        life = runs.finish(store, corpus, 2)
        expected = content_of(store)
        for number, other in enumerate(stores * IN_A_ROW):
            runs.kill_after(moments.uniform(0, life), other, corpus, 1 + number % 2)
            found.append(content_of(other))
        for other in stores:
            runs.finish(other, corpus, 2)
    assert any(0 < count < expected[0] for count, _ in found), "no run was killed between its first and last article"
    assert [content_of(other) for other in stores] == [expected] * len(stores)


def _another(store: str, folder: Path, number: int) -> str:
    """Return the URL of another empty store of the same kind."""
    return f"sqlite:///{folder / str(number)}.db" if store.startswith("sqlite") else new_database(store)


def test_the_command_itself_may_be_killed(tmp_path: Path, settings: Settings) -> None:
    prepare(settings)
    corpus = write_corpus(tmp_path, [f"{path.read_text('utf-8')} {n}" for n in range(2) for path in sample_files()])
    killed, undisturbed = (f"sqlite:///{tmp_path / name}.db" for name in ("killed", "undisturbed"))
    began = time.monotonic()
    _command(undisturbed, corpus, settings).wait(300)
    life, moments = time.monotonic() - began, random.Random(20170915)
    for _ in range(3):
        run = _command(killed, corpus, settings)
        time.sleep(moments.uniform(0, life))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert _command(killed, corpus, settings).wait(300) == 0
    assert content_of(killed) == content_of(undisturbed)
    assert content_of(killed)[0] == 2 * len(sample_files())


def _command(store: str, corpus: Path, settings: Settings) -> subprocess.Popen[bytes]:
    """Start ``dateline ingest`` as the leader of a group of processes that holds its workers too."""
    command = [sys.executable, "-m", "geo.cli", "ingest", str(corpus), "--workers", "2", "--workspace", store]
    environment = os.environ | {"DATELINE_CACHE_DIR": str(settings.cache_dir)}
    return subprocess.Popen(command, start_new_session=True, env=environment, stdout=subprocess.DEVNULL)
