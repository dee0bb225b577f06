from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from reading_cast import RASTAN, reading_of

from geo.errors import InputError, UnknownNameError
from geo.model import Article, Mention, Reading, Resolution, Review
from geo.workspace.search import Search
from geo.workspace.workspace import Workspace, open_workspace


def _reading(text: str = "The truce holds in Rastan.", **fields: object) -> Reading:
    article = Article(id=f"id of {text}"[:24], text=text, **fields)  # type: ignore[arg-type]
    return replace(reading_of(text), article=article)


@pytest.fixture
def workspace(store: str) -> Iterator[Workspace]:
    with open_workspace(store) as workspace:
        yield workspace


def test_a_new_workspace_is_empty(workspace: Workspace) -> None:
    assert workspace.count() == 0
    assert workspace.articles() == ()
    assert list(workspace.readings()) == []
    assert workspace.unread([]) == []


def test_a_reading_comes_back_as_it_was_added(workspace: Workspace) -> None:
    expected = _reading(
        title="Truce",
        date=dt.date(2017, 8, 3),
        time=dt.time(10, 32),
        source="SANA",
        source_role="publisher",
        language="en",
        dateline=(0, 4),
        boilerplate=((5, 9), (11, 12)),
        url="https://sana.example/1",
    )
    stored = workspace.add(expected)
    assert (stored.id, stored.outcome) == (expected.article.id, "new")
    assert workspace.reading(stored.id) == expected


def test_text_in_many_scripts_comes_back(workspace: Workspace) -> None:
    text = "الرستن و«Эр-Растан» — 𐎠 Rastan\r\n\t"
    assert workspace.reading(workspace.add(_reading(text)).id).article.text == text


def test_an_article_without_mentions_is_kept(workspace: Workspace) -> None:
    stored = workspace.add(_reading("Nothing happened."))
    assert workspace.reading(stored.id) == _reading("Nothing happened.")


def test_the_same_text_is_stored_once(workspace: Workspace) -> None:
    first = workspace.add(_reading(), "v1")
    again = workspace.add(replace(_reading(), article=replace(_reading().article, id="another id")), "v1")
    assert (again.id, again.outcome) == (first.id, "duplicate")
    assert workspace.count() == 1


def test_the_same_text_twice_at_once_is_stored_once(workspace: Workspace) -> None:
    outcomes = [stored.outcome for stored in workspace.add_all([_reading(), _reading()])]
    assert outcomes == ["new", "duplicate"]


def test_another_version_replaces_what_was_read(workspace: Workspace) -> None:
    first = workspace.add(_reading(), "v1")
    less = replace(_reading(), resolutions=(), footprints=())
    again = workspace.add(less, "v2")
    assert (again.id, again.outcome) == (first.id, "replaced")
    assert workspace.reading(first.id) == less


def test_another_text_under_a_taken_id_gets_its_own(workspace: Workspace) -> None:
    other = replace(_reading("Other news."), article=replace(_reading("Other news.").article, id=_reading().article.id))
    first, second = workspace.add_all([_reading(), other])
    assert first.id != second.id
    assert workspace.reading(second.id).article.text == "Other news."


def test_a_place_is_described_as_last_read(workspace: Workspace) -> None:
    first = workspace.add(_reading())
    renamed = replace(_reading("Rastan again.").resolutions[0], place=replace(RASTAN, name="Al-Rastan"))
    workspace.add(replace(_reading("Rastan again."), resolutions=(renamed,)))
    (place, *_) = workspace.reading(first.id).places
    assert place.name == "Al-Rastan"


def test_unread_leaves_out_what_this_version_read(workspace: Workspace) -> None:
    workspace.add(_reading(), "v1")
    fresh, known = _reading("Other news.").article, _reading().article
    assert workspace.unread([fresh, known], "v1") == [fresh]
    assert workspace.unread([fresh, known], "v2") == [fresh, known]


def test_articles_are_listed_newest_first(workspace: Workspace) -> None:
    days = {"May": dt.date(2017, 5, 4), "undated": None, "July": dt.date(2017, 7, 9)}
    workspace.add_all([_reading(f"{name}: Rastan", title=name, date=day) for name, day in days.items()])
    assert [row.title for row in workspace.articles()] == ["July", "May", "undated"]
    assert [row.title for row in workspace.articles(limit=1, offset=1)] == ["May"]
    assert [reading.article.title for reading in workspace.readings()] == ["July", "May", "undated"]


def test_articles_of_a_day_are_listed_by_their_time(workspace: Workspace) -> None:
    times = {"early": dt.time(8), "no time": None, "late": dt.time(20)}
    day = dt.date(2017, 5, 4)
    workspace.add_all([_reading(f"{name}: Rastan", title=name, date=day, time=time) for name, time in times.items()])
    assert [row.title for row in workspace.articles()] == ["late", "early", "no time"]


def test_a_summary_counts_mentions_and_places(workspace: Workspace) -> None:
    workspace.add(_reading())
    (row,) = workspace.articles()
    assert (row.mentions, row.places) == (2, 1)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("rastan", 1),
        ("RASTAN truce", 1),
        ("перемирие", 1),
        ("المعبر", 1),
        ("100%", 0),
        ("_", 0),
        ("Homs", 0),
        ("", 2),
        (None, 2),
    ],
)
def test_articles_are_found_by_all_their_words(workspace: Workspace, q: str | None, found: int) -> None:
    workspace.add_all([_reading(), _reading("ПЕРЕМИРИЕ, المعبر", title="News")])
    assert len(workspace.articles(Search(q=q))) == workspace.count(Search(q=q)) == found


def test_readings_are_chosen_by_id(workspace: Workspace) -> None:
    stored = workspace.add_all([_reading(), _reading("Other news.")])
    assert [r.article.text for r in workspace.readings([stored[1].id, "unknown"])] == ["Other news."]
    assert list(workspace.readings([])) == []


def test_many_readings_come_in_one_order(workspace: Workspace) -> None:
    workspace.add_all([_reading(f"Rastan, item {number:04}") for number in range(450)])
    texts = [reading.article.text for reading in workspace.readings()]
    assert texts == sorted(texts)
    assert len(texts) == 450


@pytest.mark.parametrize("count", [-1, 2**31, 2.5, "2"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda workspace, count: workspace.articles(limit=count),
        lambda workspace, count: workspace.articles(offset=count),
        lambda workspace, count: workspace.places(limit=count),
        lambda workspace, count: workspace.places(offset=count),
        lambda workspace, count: workspace.trend(top=count),
        lambda workspace, count: workspace.together(limit=count),
        lambda workspace, count: list(workspace.readings(limit=count)),
    ],
)
def test_a_number_of_rows_that_is_none_is_refused(ask: Callable[[Workspace, Any], object], count: Any) -> None:
    with open_workspace("sqlite://") as workspace, pytest.raises(InputError, match="whole number from 0"):
        ask(workspace, count)


def test_the_largest_number_of_rows_is_all_and_none_is_none(workspace: Workspace) -> None:
    workspace.add(reading_of("Rastan."))
    assert len(workspace.articles(limit=2**31 - 1)) == len(workspace.places(limit=2**31 - 1)) == 1
    none = workspace.articles(limit=2**31 - 1, offset=2**31 - 1), workspace.articles(limit=0), workspace.places(limit=0)
    assert none == ((), (), ())


_MENTION = Mention(0, 4, "Homs", "name", (0, 5))


@pytest.mark.parametrize("value", ["\ud800", "a\0b"])
def test_what_no_database_takes_is_refused_and_never_kept(workspace: Workspace, value: str) -> None:
    id = workspace.add(reading_of("Rastan.")).id
    review = Review("rejected", None, "Ada", dt.datetime(2024, 1, 1, tzinfo=dt.UTC), value)
    place = replace(RASTAN, name=value)
    for keep in (
        lambda: workspace.review(id, (0, 6), review),
        lambda: workspace.review(id, (0, 6), replace(review, verdict="corrected", place=place, note="")),
        lambda: workspace.add(reading_of("Homs."), made_by=value),
        lambda: workspace.add(Reading(Article("b", "Homs."), (Resolution("Homs", place, 0.9, mention=_MENTION),))),
    ):
        with pytest.raises(InputError, match=r"half a character|NUL"):
            keep()
    assert (workspace.count(), workspace.reviews(id)) == (1, ())


@pytest.mark.parametrize(
    "ask",
    [
        lambda workspace: workspace.reading("\ud800"),
        lambda workspace: workspace.count(Search(sources=("\ud800",))),
        lambda workspace: workspace.count(Search(places=("\ud800",))),
    ],
)
def test_what_cannot_be_asked_for_is_the_callers_mistake(
    workspace: Workspace, ask: Callable[[Workspace], object]
) -> None:
    workspace.add(reading_of("Rastan.", "a"))
    with pytest.raises(InputError, match="does not take a value"):
        ask(workspace)


def test_a_deleted_article_is_gone(workspace: Workspace) -> None:
    stored = workspace.add(_reading())
    workspace.delete(stored.id)
    assert workspace.count() == 0
    with pytest.raises(UnknownNameError, match="no article"):
        workspace.reading(stored.id)


def test_a_deleted_article_can_be_added_again(workspace: Workspace) -> None:
    workspace.delete(workspace.add(_reading()).id)
    assert workspace.add(_reading()).outcome == "new"


def test_deleting_what_is_not_there_says_so(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="no article 'nowhere'"):
        workspace.delete("nowhere")


def test_the_version_changes_with_the_content(workspace: Workspace) -> None:
    versions = [workspace.version()]
    stored = workspace.add(_reading())
    versions.append(workspace.version())
    workspace.delete(stored.id)
    versions.append(workspace.version())
    assert len(set(versions)) == 3


def test_the_version_stays_while_nothing_changes(workspace: Workspace) -> None:
    workspace.add(_reading())
    expected = workspace.version()
    workspace.add(_reading())
    assert workspace.version() == expected


def test_readings_are_added_all_or_none(workspace: Workspace) -> None:
    broken = _reading("Half a character: \ud800, and Rastan.")
    with pytest.raises(InputError, match="half a character"):
        workspace.add_all([_reading(), broken])
    assert workspace.count() == 0


def test_a_workspace_is_opened_again(store: str) -> None:
    with open_workspace(store) as first:
        stored, version = first.add(_reading()), first.version()
    with open_workspace(store) as second:
        assert second.reading(stored.id) == _reading()
        assert second.version() == version


def test_two_open_at_once_see_each_other(store: str) -> None:
    with open_workspace(store) as first, open_workspace(store) as second:
        first.add(_reading())
        assert second.add(_reading()).outcome == "duplicate"


def test_threads_add_at_the_same_time(workspace: Workspace) -> None:
    batches = [[_reading(f"Rastan, item {number}") for number in range(start, start + 12)] for start in (0, 6, 12, 6)]
    with ThreadPoolExecutor(4) as pool:
        stored = [item for batch in pool.map(workspace.add_all, batches) for item in batch]
    assert workspace.count() == len({item.id for item in stored}) == 24
    assert [item.outcome for item in stored].count("new") == 24


def test_readers_are_served_while_one_writes(workspace: Workspace) -> None:
    workspace.add_all([_reading(f"Rastan, item {number}") for number in range(250)])
    readings = workspace.readings()
    first = next(readings)
    workspace.add(_reading("Rastan, added meanwhile"))
    assert 1 + sum(1 for _ in readings) == 250
    assert first.mentions


def test_an_id_that_another_text_was_given_before_is_never_given_twice(store: str) -> None:
    texts = ["One.", "Two.", "Three."]
    own = sha256(b"Three.").hexdigest()[:16]
    given = [own, "same", "same"]
    with open_workspace(store) as workspace:
        for text, id in zip(texts, given, strict=True):
            workspace.add(reading_of(text, id))
        assert workspace.add(reading_of("Four.", own)).id == sha256(b"Four.").hexdigest()[:16]
        assert {item.id for item in workspace.articles()} >= {own, "same", f"{own}-2"}


@pytest.mark.parametrize("change", [{"id": "x" * 301}, {"source": "Я" * 301}, {"language": "e" * 301}])
def test_names_too_long_for_an_index_are_refused_in_either_store(store: str, change: dict[str, Any]) -> None:
    longest = Article("я" * 300, "Rastan.", source="𝔸" * 300, language="𝔹" * 300)
    with open_workspace(store) as workspace:
        assert workspace.add(Reading(longest, ())).outcome == "new"
        assert workspace.reading(longest.id).article == longest
        with pytest.raises(InputError, match="of 301 characters"):
            workspace.add(Reading(replace(longest, text="Homs.", **change), ()))
