from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest
from sqlalchemy import func, select

from geo.model import Article, Reading
from geo.workspace.database import reading
from geo.workspace.packing import pack
from geo.workspace.tables import near_bands
from geo.workspace.workspace import Workspace, open_workspace

_RANDOM = random.Random(3)
_WORDS = [f"word{n}" for n in range(2000)]


def _report(id: str, words: Sequence[str], day: int = 1, source: str | None = None) -> Article:
    return Article(id=id, text=" ".join(words), date=dt.date(2017, 8, day), source=source)


STORY = _RANDOM.choices(_WORDS, k=200)
FIRST = _report("first", STORY, 1, "Example Agency")
SECOND = _report("second", ["Copyright", "Example", *STORY], 2, "Example News")
THIRD = _report("third", [*STORY[:60], *STORY[80:]], 3)
OTHER = _report("other", _RANDOM.choices(_WORDS, k=200), 1)
SHORT = _report("short", ["Truce", "holds"])


@pytest.fixture
def workspace(store: str) -> Iterator[Workspace]:
    with open_workspace(store) as workspace:
        yield workspace


def _add(workspace: Workspace, *items: Article) -> list[bool]:
    return [stored.near for stored in workspace.add_all([Reading(item, ()) for item in items])]


def _carried_by(workspace: Workspace) -> dict[str, list[str | None]]:
    ids = [item.id for item in workspace.articles()]
    return {id: [carrier.id for carrier in carriers] for id, carriers in workspace.carried_by(ids).items()}


def test_what_another_carries_is_told_and_shown(workspace: Workspace) -> None:
    assert _add(workspace, FIRST, OTHER, SECOND) == [False, False, True]
    assert _carried_by(workspace) == {"first": ["second"], "second": ["first"]}
    (carrier,) = workspace.carried_by(["second"])["second"]
    assert (carrier.title, carrier.source) == (None, "Example Agency")


def test_short_texts_are_alike_to_none(workspace: Workspace) -> None:
    _add(workspace, SHORT, _report("short too", ["Truce", "holds", "on"]))
    assert _carried_by(workspace) == {}


def test_nothing_is_carried_by_articles_that_are_not_there(workspace: Workspace) -> None:
    assert workspace.carried_by(["nobody"]) == workspace.carried_by([]) == {}


@pytest.mark.parametrize("together", [True, False])
def test_groups_are_the_same_in_any_order(together: bool) -> None:
    found = []
    for order in permutations([FIRST, SECOND, THIRD, OTHER]):
        with open_workspace("sqlite://") as workspace:
            for batch in [order] if together else [[item] for item in order]:
                _add(workspace, *batch)
            found.append(_carried_by(workspace))
    assert found == [{"first": ["second", "third"], "second": ["first", "third"], "third": ["first", "second"]}] * 24


def test_two_groups_become_one_when_a_report_is_between_them(workspace: Workspace) -> None:
    some, others = _report("some", STORY[:160], 1), _report("others", STORY[40:], 2)
    assert _add(workspace, some, others) == [False, False]
    _add(workspace, _report("between", STORY, 3))
    assert _carried_by(workspace)["some"] == ["others", "between"]


def test_the_same_text_again_changes_nothing(workspace: Workspace) -> None:
    _add(workspace, FIRST, SECOND)
    before = workspace.version()
    assert _add(workspace, FIRST, SECOND) == [False, False]
    assert workspace.version() == before


def test_what_is_read_anew_stays_in_its_group(workspace: Workspace) -> None:
    _add(workspace, FIRST, SECOND)
    workspace.add_all([Reading(SECOND, ())], made_by="another version")
    assert _carried_by(workspace) == {"first": ["second"], "second": ["first"]}


def test_a_group_stays_together_without_its_first(workspace: Workspace) -> None:
    _add(workspace, FIRST, SECOND, THIRD)
    workspace.delete("first")
    assert _carried_by(workspace) == {"second": ["third"], "third": ["second"]}
    workspace.delete("third")
    assert _carried_by(workspace) == {}


def test_of_many_alike_few_are_looked_up(workspace: Workspace) -> None:
    _add(workspace, *(_report(str(n), [*STORY, f"edition{n}"]) for n in range(80)))
    assert {len(carriers) for carriers in _carried_by(workspace).values()} == {79}
    with reading(workspace.engine) as connection:
        query = select(func.count()).select_from(near_bands).group_by(near_bands.c.band, near_bands.c.value)
        assert max(connection.execute(query).scalars()) == 32


def test_texts_that_share_a_band_by_accident_are_not_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = (pack(Reading(article, ()), "") for article in (FIRST, OTHER))
    alike = other._replace(bands=(first.bands[0], *other.bands[1:]))
    monkeypatch.setattr("geo.workspace.carriers.wording_of_text", None)
    assert [stored.near for stored in workspace.add_packed([first, alike])] == [False, False]
