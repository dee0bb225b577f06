from __future__ import annotations

import datetime as dt
import gzip
import json
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from reading_cast import HOMS, RASTAN, SOME, reading_of
from shapely.geometry import Point, Polygon, box

from geo.errors import InputError, InputNotFoundError, OutputError
from geo.model import Review
from geo.workspace.check import check
from geo.workspace.packing import content_hash
from geo.workspace.plain import number
from geo.workspace.records import Kept, kept_of, line_of
from geo.workspace.transfer import ImportReport, content, digest, export_to, import_from, verify
from geo.workspace.workspace import Workspace, open_workspace

IN_MEMORY = "sqlite://"
REVIEW = Review("corrected", HOMS, "A. Reader", dt.datetime(2017, 8, 3, 10, 32, tzinfo=dt.UTC), "the province is meant")


def _exported(path: Path) -> Path:
    with open_workspace(IN_MEMORY) as workspace:
        workspace.add_all(SOME, "v1")
        export_to(workspace, path)
    return path


def test_a_line_holds_all_that_is_kept() -> None:
    reading = SOME[0]
    kept = Kept(content_hash(reading.article), "v1", reading, (((15, 21), REVIEW),))
    assert kept_of(line_of(kept)) == kept


def test_a_line_of_decisions_alone_comes_back() -> None:
    kept = Kept("0" * 64, "", None, (((0, 4), REVIEW),))
    assert kept_of(line_of(kept)) == kept


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"article":{}}', b"[" * 100_000, b"\xff"])
def test_another_line_is_a_plain_error(line: bytes) -> None:
    with pytest.raises(InputError, match="no line of an exported workspace"):
        kept_of(line)


_NOT_KNOWN = {"source": None, "source_role": None, "title": None, "date": None, "url": None}


@pytest.mark.parametrize(
    "change",
    [
        {"article": {"title": 5}},
        {"article": {"url": ["https://a.example"]}},
        {"article": {"source": "half \ud83d"}},
        {"appearances": [{**_NOT_KNOWN, "source": 5}]},
        {"appearances": [{**_NOT_KNOWN, "url": "a\0b"}]},
    ],
)
def test_values_that_cannot_be_kept_are_a_plain_error(change: dict[str, Any]) -> None:
    record = json.loads(line_of(Kept(content_hash(SOME[0].article), "v1", SOME[0])))
    changed = record | change | {"article": record["article"] | change.get("article", {})}
    with pytest.raises(InputError):
        kept_of(json.dumps(changed).encode())


def test_nothing_below_nothing_is_nothing_in_either_store() -> None:
    assert str(number(-0.0)) == "0.0"


def test_an_area_that_crosses_itself_is_mended() -> None:
    record = json.loads(line_of(Kept(content_hash(SOME[0].article), "v1", SOME[0])))
    record["footprints"][0]["core"] = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]).wkb_hex
    reading = kept_of(json.dumps(record).encode()).reading
    assert reading is not None
    assert reading.footprints[0].core.is_valid


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("mentions", 0, "start"), "15"),
        (("mentions", 0, "end"), 10**10),
        (("mentions", 0, "text"), "Homs"),
        (("mentions", 0, "confidence"), float("inf")),
        (("mentions", 0, "sentence"), [5, 2]),
        (("mentions", 0, "query"), "a\0b"),
        (("mentions", 0, "evidence", 0, 1), float("nan")),
        (("footprints", 0, "end"), 1.5),
        (("footprints", 0, "sentence"), []),
        (("footprints", 0, "core"), None),
        (("footprints", 0, "core"), []),
        (("footprints", 0, "core"), "zz"),
        (("footprints", 0, "core"), box(0, 0, 1e9, 1).wkb_hex),
        (("footprints", 0, "core"), Point(nan, inf).wkb_hex),
        (("article", "dateline"), "x"),
        (("article", "boilerplate"), [[0, 10**30]]),
        (("article", "language"), 7),
        (("places", RASTAN.id, "lat"), 91),
        (("places", RASTAN.id, "population"), 10**30),
        (("places", RASTAN.id, "name"), None),
        (("made_by",), ["v1"]),
    ],
)
def test_values_of_another_kind_are_refused_before_they_are_kept(keys: tuple[str | int, ...], value: object) -> None:
    record = json.loads(line_of(Kept(content_hash(SOME[0].article), "v1", SOME[0])))
    place = record
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    with pytest.raises(InputError, match="no line of an exported workspace"):
        kept_of(json.dumps(record).encode())


def test_equal_content_has_an_equal_digest_in_either_store_and_any_order(store: str) -> None:
    with open_workspace(store) as one, open_workspace(IN_MEMORY) as other:
        one.add_all(SOME, "v1")
        other.add_all(SOME[::-1], "v1")
        assert digest(one) == digest(other)


def test_other_content_has_another_digest() -> None:
    with open_workspace(IN_MEMORY) as one, open_workspace(IN_MEMORY) as other:
        one.add_all(SOME, "v1")
        other.add_all(SOME, "v2")
        assert digest(one) != digest(other)


@pytest.mark.parametrize("name", ["all.jsonl.gz", "all"])
def test_what_is_exported_comes_back_in_either_store(store: str, tmp_path: Path, name: str) -> None:
    path = _exported(tmp_path / name)
    with open_workspace(store) as workspace, open_workspace(IN_MEMORY) as expected:
        expected.add_all(SOME, "v1")
        assert import_from(workspace, path) == ImportReport(new=len(SOME))
        assert digest(workspace) == digest(expected)


def test_the_same_content_is_exported_as_the_same_bytes(store: str, tmp_path: Path) -> None:
    first, second = _exported(tmp_path / "first.jsonl.gz"), tmp_path / "second.jsonl.gz"
    with open_workspace(store) as workspace:
        import_from(workspace, first)
        export_to(workspace, second)
    assert first.read_bytes() == second.read_bytes()


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = _exported(tmp_path / "all.jsonl.gz")
    with open_workspace(IN_MEMORY) as workspace:
        workspace.add_all(SOME[:10], "newer")
        assert import_from(workspace, path) == ImportReport(new=len(SOME) - 10, known=10)
        assert [kept.made_by for kept in content(workspace)].count("newer") == 10


def test_places_that_are_there_stay_as_they_are_described(store: str, tmp_path: Path) -> None:
    path, moved = _exported(tmp_path / "all.jsonl.gz"), replace(RASTAN, lat=34.9, name="Al-Rastan")
    newer = reading_of("Rastan, read later.")
    newer = replace(newer, resolutions=(replace(newer.resolutions[0], place=moved),), footprints=())
    with open_workspace(store) as workspace:
        workspace.add(newer, "v2")
        import_from(workspace, path)
        assert workspace.reading(newer.article.id) == newer
        assert check(workspace) == []


def test_an_empty_workspace_is_exported_too(tmp_path: Path) -> None:
    with open_workspace(IN_MEMORY) as workspace:
        assert export_to(workspace, tmp_path / "none.jsonl.gz") == 0
        assert import_from(workspace, tmp_path / "none.jsonl.gz") == ImportReport()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    with open_workspace(IN_MEMORY) as workspace:
        workspace.add_all(SOME)
        export_to(workspace, tmp_path / "all", told.append)
    assert told == list(range(1, len(SOME) + 1))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_export_cut_short_is_refused_before_anything_is_written(tmp_path: Path, share: float) -> None:
    path = _exported(tmp_path / "all.jsonl.gz")
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with open_workspace(IN_MEMORY) as workspace, pytest.raises(InputError, match="damaged or cut short"):
        import_from(workspace, path)
    with open_workspace(IN_MEMORY) as workspace:
        assert workspace.count() == 0


def test_an_altered_export_is_refused(tmp_path: Path) -> None:
    path = _exported(tmp_path / "all.jsonl.gz")
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Truce", b"Truke")))
    with pytest.raises(InputError, match="damaged"):
        verify(path)


def test_a_folder_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    folder = _exported(tmp_path / "all")
    (folder / "articles-3.jsonl.gz").unlink()
    with pytest.raises(InputError, match="has 15 of its 16 files"):
        verify(folder)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"hello"))
    with pytest.raises(InputError, match="no exported workspace"):
        verify(tmp_path / "a.gz")
    with pytest.raises(InputNotFoundError, match="There is no file"):
        verify(tmp_path / "missing.gz")


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with open_workspace(IN_MEMORY) as workspace, pytest.raises(OutputError, match="is there already"):
        export_to(workspace, tmp_path.with_suffix(""))


def test_an_export_sees_one_state_while_others_write(store: str) -> None:
    with open_workspace(store) as workspace:
        workspace.add_all(SOME, "v1")
        seen = content(workspace)
        first = next(seen)
        workspace.add(reading_of("Rastan, later."), "v1")
        assert len([first, *seen]) == len(SOME)


def _reviewed(store: str) -> Workspace:
    """Return a workspace with a decision, and one whose article was deleted."""
    workspace = open_workspace(store)
    workspace.add_all(SOME, "v1")
    for reading in SOME[:2]:
        workspace.review(reading.article.id, (reading.mentions[0].start, reading.mentions[0].end), REVIEW)
    workspace.delete(SOME[1].article.id)
    return workspace


def test_decisions_go_along_even_without_their_article(store: str, tmp_path: Path) -> None:
    with _reviewed(IN_MEMORY) as source, open_workspace(store) as target:
        export_to(source, tmp_path / "all.jsonl.gz")
        import_from(target, tmp_path / "all.jsonl.gz")
        assert digest(target) == digest(source)
        assert check(target) == []
        target.add(SOME[1], "v1")
        assert [item.review for item in target.reviews(SOME[1].article.id)] == [REVIEW]


def test_decisions_join_articles_that_are_there(tmp_path: Path) -> None:
    with _reviewed(IN_MEMORY) as source, open_workspace(IN_MEMORY) as target:
        export_to(source, tmp_path / "all")
        target.add_all(SOME, "v1")
        import_from(target, tmp_path / "all")
        assert len(target.reviews(SOME[0].article.id)) == 1
        assert check(target) == []
