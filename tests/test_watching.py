from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from test_articles_fetching import answer, serving

from geo.errors import InputError, InputNotFoundError
from geo.model import Article, Reading
from geo.pipeline import build_index
from geo.settings import Settings
from geo.watching import Arrival, Watch, watch, watch_into
from geo.workspace.workspace import Workspace, open_workspace

FEED = """<rss version="2.0"><channel><title>Example Wire</title><item><title>Truce holds in {}</title>
<description>It began at noon.</description></item></channel></rss>"""


def read_plainly(articles: Sequence[Article]) -> list[Reading]:
    """A reader that finds nothing."""
    return [Reading(article, ()) for article in articles]


def read_slowly(articles: Sequence[Article]) -> list[Reading]:
    """A reader that takes its time."""
    time.sleep(0.2)
    return [Reading(article, ()) for article in articles]


@dataclass
class Watched:
    """A folder that is watched into a workspace, one scheduled run at a time."""

    folder: Path
    workspace: Workspace
    notes: Path
    told: list[Arrival] = field(default_factory=list)

    def run(self, source: str | None = None, **options: object) -> list[str]:
        """Watch once and return what was told."""
        self.told.clear()
        what = Watch(source or str(self.folder), self.told.append, 0.01, once=True)
        watch_into(self.workspace, replace(what, **options), read_plainly, made_by="", notes=self.notes)  # type: ignore[arg-type]
        return [str(arrival).replace(f"{self.folder}/", "") for arrival in self.told]

    def put(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content)

    def texts(self) -> set[str]:
        return {reading.article.text for reading in self.workspace.readings()}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "in").mkdir()
    with open_workspace(f"sqlite:///{tmp_path / 'workspace.db'}") as workspace:
        yield Watched(tmp_path / "in", workspace, tmp_path / "notes")


def test_what_is_there_is_read_and_told_a_line_each(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.put("b.jsonl", '{"text": "Two."}\n{"text": "Three."}\n')
    watched.put("c.jpg", "no report")
    assert watched.run() == [
        "a.txt: 1 article read: 1 new, 0 there already, 0 failed.",
        "b.jsonl: 2 articles read: 2 new, 0 there already, 0 failed.",
    ]
    assert watched.texts() == {"One.", "Two.", "Three."}


def test_only_what_is_new_or_changed_is_read_again(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.put("b.txt", "Two.")
    watched.run()
    assert watched.run() == []
    watched.put("b.txt", "Two and more.")
    assert [line.partition(":")[0] for line in watched.run()] == ["b.txt"]


def test_what_failed_is_tried_again_when_it_has_changed(watched: Watched) -> None:
    watched.put("a.jsonl", '{"text": ')
    assert "a.jsonl is not JSON" in watched.run()[0]
    assert watched.run() == []
    watched.put("a.jsonl", '{"text": "One."}')
    assert "1 new" in watched.run()[0]


def test_a_file_is_tried_again_when_its_permissions_have_changed(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.run()
    (watched.folder / "a.txt").chmod(0o600)
    assert "1 there already" in watched.run()[0]


def test_lost_notes_lose_nothing_and_double_nothing(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.run()
    (notes,) = watched.notes.iterdir()
    for content in ("", "[]", '{"format": 99}', "{"):
        notes.write_text(content)
        assert "0 new, 1 there already" in watched.run()[0]
    assert watched.texts() == {"One."}


def test_another_workspace_has_notes_of_its_own(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.run()
    with open_workspace("sqlite://") as other:
        assert "1 new" in replace(watched, workspace=other).run()[0]


def test_a_file_that_still_grows_is_not_read(watched: Watched) -> None:
    path = watched.folder / "a.txt"
    content = iter([b"One ", b"and two ", b"and three."])
    with path.open("wb", buffering=0) as file:
        watched.run(stop=_Looks(lambda: file.write(next(content, b""))))
    assert watched.texts() == {"One and two and three."}


class _Looks(Event):
    """Does something between two looks."""

    def __init__(self, between: Callable[[], object]) -> None:
        super().__init__()
        self._between = between

    def wait(self, timeout: float | None = None) -> bool:
        self._between()
        return super().wait(0.01)


def test_a_slow_reader_does_not_put_off_the_next_look(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(Event, "wait", lambda event, timeout: waited.append(timeout))
    monkeypatch.setattr("test_watching.read_plainly", read_slowly)
    watched.put("a.txt", "One.")
    watched.run()
    assert watched.texts() == {"One."}
    assert max(waited) < 9 * 0.2


def test_a_file_that_goes_away_is_forgotten(watched: Watched) -> None:
    watched.put("a.txt", "One.")
    watched.run()
    (watched.folder / "a.txt").unlink()
    assert watched.run() == []
    watched.put("a.txt", "One.")
    assert "1 there already" in watched.run()[0]


def test_a_pattern_is_watched_before_anything_matches_it(watched: Watched) -> None:
    pattern = str(watched.folder / "*.txt")
    assert watched.run(pattern) == []
    watched.put("a.txt", "One.")
    assert len(watched.run(pattern)) == 1


def test_a_watch_ends_when_it_is_told_to(watched: Watched) -> None:
    stop = Event()
    thread = Thread(target=watched.run, kwargs={"once": False, "stop": stop})
    thread.start()
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_feed_is_read_when_it_has_changed(watched: Watched) -> None:
    with serving() as server:
        options = {"source": server.address("/feed"), "network": server.network()}
        for place, tag in (("Homs", '"1"'), ("Hama", '"2"')):
            server.answers["feed"] = answer(FEED.format(place).encode(), "application/rss+xml", ETag=tag)
            assert "1 new" in watched.run(**options)[0]  # type: ignore[arg-type]
        server.answers["feed"] = answer(b"", status=304)
        assert watched.run(**options) == []  # type: ignore[arg-type]
        assert server.asked[-1]["If-None-Match"] == '"2"'


def test_a_feed_that_cannot_be_fetched_is_told_and_tried_again(watched: Watched) -> None:
    with serving(feed=answer(b"", status=500)) as server:
        options = {"source": server.address("/feed"), "network": server.network()}
        assert "answers 500" in watched.run(**options)[0]  # type: ignore[arg-type]
        server.answers["feed"] = answer(FEED.format("Homs").encode(), "text/xml")
        assert "1 new" in watched.run(**options)[0]  # type: ignore[arg-type]


def test_what_cannot_be_watched_says_why(settings: Settings) -> None:
    with pytest.raises(InputNotFoundError, match="There is no file or folder nowhere"):
        watch(Watch("nowhere", print), settings)
    with pytest.raises(InputError, match="Set DATELINE_FETCH=1"):
        watch(Watch("https://example.org/feed", print), settings)


@pytest.fixture
def no_notes_left(cache_dir: Path) -> Iterator[None]:
    """Take out of the user's cache what a test puts there."""
    before = set(cache_dir.glob("watch/*"))
    yield
    for path in set(cache_dir.glob("watch/*")) - before:
        path.unlink()


def test_the_zones_in_the_store_are_brought_up_to_date(settings: Settings, tmp_path: Path, no_notes_left: None) -> None:
    (tmp_path / "in").mkdir()
    watch(Watch(str(tmp_path / "in"), print, once=True), settings)
    with open_workspace(settings.workspace) as workspace:
        assert workspace.zones_on(dt.date(2017, 8, 1))


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300  # only so that a test that fails ends
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_watch_that_is_ended_and_started_again_loses_nothing(
    settings: Settings, tmp_path: Path, number: signal.Signals, no_notes_left: None
) -> None:
    build_index(settings)
    folder = tmp_path / "in"
    folder.mkdir()
    with open_workspace(settings.workspace) as workspace:
        for day in (1, 2):
            command = [sys.executable, "-m", "geo.cli", "watch", str(folder), "--workspace", settings.workspace]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment(settings)) as run:
                (folder / f"{day}.txt").write_text(f"Rastan was quiet on {day} August.")
                _until(lambda: workspace.count() == day)  # noqa: B023 - it is called here
                run.send_signal(number)
                assert run.wait(60) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        assert workspace.count() == 2


def test_a_watch_logs_an_object_for_each_arrival_where_that_is_asked_for(
    settings: Settings, tmp_path: Path, no_notes_left: None
) -> None:
    build_index(settings)
    (tmp_path / "a.txt").write_text("Rastan was quiet.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": ', encoding="utf-8")
    command = [sys.executable, "-m", "geo.cli", "watch", str(tmp_path), "--once", "--workspace", settings.workspace]
    environment = _environment(settings) | {"DATELINE_LOG": "json", "DATELINE_LOG_LEVEL": "INFO"}
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    lines = [json.loads(line) for line in ended.stderr.splitlines() if "geo.cli.watching" in line]
    told = [(line["level"], Path(line["source"]).name, line["new"], line["failed"]) for line in lines]
    assert told == [("INFO", "a.txt", 1, 0), ("WARNING", "b.jsonl", 0, 1)]
    assert ended.stdout == ""


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "DATELINE_CACHE_DIR": str(settings.cache_dir), "PYTHONPATH": str(Path(__file__).parents[1])}
