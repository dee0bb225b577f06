"""The same text published by several: kept once, with all who carry it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from geo.batch import Options, ingest_into
from geo.model import Article, Reading
from geo.workspace.appearances import Appearance
from geo.workspace.check import check
from geo.workspace.database import reading
from geo.workspace.search import Search
from geo.workspace.tables import origins
from geo.workspace.transfer import digest, export_to, import_from
from geo.workspace.workspace import Workspace, open_workspace

FIRST = Article("first", "The truce holds.", "Truce", dt.date(2017, 8, 3), source="Agency", url="https://a.example/1")
GAZETTE = replace(FIRST, id="gazette", source="Gazette", url="https://g.example/7", date=dt.date(2017, 8, 4))
HERALD = replace(FIRST, id="herald", source="Herald", url=None, date=None)
OTHER = Article("other", "Nobody came.", source="Agency")


@pytest.fixture
def workspace(store: str) -> Iterator[Workspace]:
    with open_workspace(store) as workspace:
        yield workspace


def _add(workspace: Workspace, *items: Article, made_by: str = "v1") -> list[str]:
    return [stored.outcome for stored in workspace.add_all([Reading(item, ()) for item in items], made_by)]


def _sources(workspace: Workspace, id: str = "first") -> list[str | None]:
    return [carrier.source for carrier in workspace.carried_by([id]).get(id, ())]


def test_the_same_text_of_another_outlet_is_kept_once_and_both_are_told(workspace: Workspace) -> None:
    assert _add(workspace, FIRST, GAZETTE) == ["new", "duplicate"]
    _add(workspace, HERALD, OTHER)
    (gazette, herald) = workspace.carried_by(["first", "other"])["first"]
    assert (gazette.id, gazette.source, gazette.date, gazette.url) == (None, "Gazette", GAZETTE.date, GAZETTE.url)
    assert (herald.source, herald.date) == ("Herald", None)
    assert (workspace.count(), check(workspace)) == (2, [])


LESS = replace(FIRST, source=None, url=None)
MOVED = replace(FIRST, title="Truce holds")
UNKNOWN = Article("x", FIRST.text)


@pytest.mark.parametrize("again", [FIRST, replace(FIRST, id="x"), LESS, MOVED, UNKNOWN])
def test_the_same_outlet_again_changes_nothing(workspace: Workspace, again: Article) -> None:
    _add(workspace, FIRST, GAZETTE)
    before = workspace.version()
    _add(workspace, again, GAZETTE)
    assert workspace.keep_appearances([again, GAZETTE, OTHER]) == 0
    assert (_sources(workspace), workspace.version()) == (["Gazette"], before)


def test_texts_that_are_there_already_gain_an_appearance_without_being_read(workspace: Workspace) -> None:
    _add(workspace, FIRST)
    before = workspace.version()
    assert workspace.keep_appearances([GAZETTE, replace(GAZETTE, id="again"), HERALD]) == 2
    assert _sources(workspace) == ["Gazette", "Herald"]
    assert workspace.version() != before


def test_a_text_is_found_under_each_who_published_it_and_counted_once(workspace: Workspace) -> None:
    _add(workspace, FIRST, GAZETTE, OTHER)
    workspace.keep_appearances([HERALD])
    assert workspace.sources() == {"Agency": 2, "Gazette": 1, "Herald": 1}
    for source in ("Gazette", "Herald"):
        assert [item.id for item in workspace.articles(Search(sources=(source,)))] == ["first"]
    assert workspace.count(Search(sources=("Agency", "Gazette", "Herald"))) == workspace.count() == 2
    assert check(workspace) == []


def test_what_several_published_stays_found_as_they_come_and_go(workspace: Workspace) -> None:
    _add(workspace, FIRST, GAZETTE)
    _add(workspace, HERALD, made_by="v2")
    assert workspace.sources() == {"Agency": 1, "Gazette": 1, "Herald": 1}
    workspace.delete("first")
    _add(workspace, FIRST)
    assert (workspace.sources(), check(workspace)) == ({"Agency": 1}, [])


def test_origins_of_several_sources_go_when_no_article_has_them(workspace: Workspace) -> None:
    _add(workspace, FIRST, *(replace(GAZETTE, source=f"Gazette {n}", url=f"https://g.example/{n}") for n in range(9)))
    for n in range(9, 12):
        workspace.keep_appearances([replace(GAZETTE, source=f"Gazette {n}", url=f"https://g.example/{n}")])
    with reading(workspace.engine) as connection:
        several = connection.execute(select(origins.c.number).where(origins.c.besides != "")).all()
    assert len(several) == 1


def test_near_duplicates_tell_of_each_others_appearances(workspace: Workspace) -> None:
    story = " ".join(f"word{number}" for number in range(100))
    one = replace(FIRST, text=story)
    _add(workspace, one, replace(GAZETTE, text=f"Copyright Gazette {story}"), replace(HERALD, text=story))
    assert _sources(workspace) == ["Herald", "Gazette"]
    assert _sources(workspace, "gazette") == ["Agency", "Herald"]


def test_appearances_outlive_a_new_reading(workspace: Workspace) -> None:
    _add(workspace, FIRST, GAZETTE)
    assert _add(workspace, replace(FIRST, title="Truce holds"), made_by="v2") == ["replaced"]
    assert _sources(workspace) == ["Gazette"]


def test_an_article_read_anew_as_another_outlets_keeps_its_first(workspace: Workspace) -> None:
    _add(workspace, FIRST, GAZETTE, HERALD)
    _add(workspace, GAZETTE, made_by="v2")
    assert workspace.reading("first").article.source == "Gazette"
    assert _sources(workspace) == ["Agency", "Herald"]


def test_appearances_go_with_their_article(workspace: Workspace) -> None:
    _add(workspace, FIRST, GAZETTE)
    workspace.delete("first")
    _add(workspace, FIRST)
    assert _sources(workspace) == []


def _digest(items: Sequence[Article]) -> str:
    with open_workspace("sqlite://") as workspace:
        _add(workspace, *items)
        return digest(workspace)


def test_the_digest_tells_who_carries_a_text_whatever_the_order_they_came_in() -> None:
    later = [GAZETTE, HERALD, replace(HERALD, source="Times")]
    assert len({_digest([FIRST, *order, OTHER]) for order in permutations(later)}) == 1
    assert len({_digest([FIRST, *later[:count], OTHER]) for count in range(4)}) == 4


def test_appearances_are_exported_and_come_back(workspace: Workspace, tmp_path: Path) -> None:
    with open_workspace("sqlite://") as source:
        _add(source, FIRST, OTHER, HERALD, GAZETTE)
        export_to(source, tmp_path / "a.gz")
    import_from(workspace, tmp_path / "a.gz")
    export_to(workspace, tmp_path / "b.gz")
    assert _sources(workspace) == ["Gazette", "Herald"]
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_an_import_adds_appearances_to_what_is_there(workspace: Workspace, tmp_path: Path) -> None:
    with open_workspace("sqlite://") as source:
        _add(source, GAZETTE, HERALD)
        export_to(source, tmp_path / "a.gz")
    _add(workspace, FIRST)
    for _ in range(2):
        import_from(workspace, tmp_path / "a.gz")
        assert _sources(workspace) == ["Gazette", "Herald"]


def read_plainly(articles: Sequence[Article]) -> list[Reading]:
    """A reader that finds nothing."""
    return [Reading(article, ()) for article in articles]


def test_an_ingest_keeps_who_else_carries_a_text_and_a_dry_run_nothing(workspace: Workspace, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    names = ["Agency", "Gazette", "Herald", "Agency"]
    rows = [{"id": name.lower(), "text": "The truce holds.", "source": name} for name in names]
    for number, count in enumerate((2, 4, 4)):
        corpus.write_text("\n".join(json.dumps(row) for row in rows[:count]), encoding="utf-8")
        before = workspace.version()
        ingest_into(workspace, [corpus], read_plainly, options=Options(dry_run=True))
        assert workspace.version() == before
        ingest_into(workspace, [corpus], read_plainly)
        assert (workspace.version() == before) is (number == 2)  # the same again changes nothing
    assert _sources(workspace, "agency") == ["Gazette", "Herald"]


@pytest.mark.parametrize(
    ("name", "bad", "outcome"),
    [
        *((name, bad, (1, 1, 0)) for name in ("source", "title", "url") for bad in ("half\ud83d", "a\0b")),
        *((name, "long" * 100, (1, 0, 1)) for name in ("source", "id")),
    ],
)
def test_what_no_database_takes_is_left_out_or_fails_alone(
    name: str, bad: str, outcome: tuple[int, int, int], workspace: Workspace, tmp_path: Path
) -> None:
    _add(workspace, FIRST, made_by="")
    corpus = tmp_path / "corpus.jsonl"
    rows = [{"text": FIRST.text, name: f"https://{bad}"}, {"text": "Nobody came."}]
    corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report = ingest_into(workspace, [corpus], read_plainly)
    assert (report.new, report.duplicate, report.failed) == outcome


def test_an_address_alone_tells_appearances_apart() -> None:
    one, other = Appearance.of(GAZETTE), Appearance.of(replace(GAZETTE, title="Another", source=None))
    assert one.key == other.key != Appearance.of(FIRST).key
