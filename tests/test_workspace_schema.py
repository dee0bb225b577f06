from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from real_postgresql import new_database
from sqlalchemy import Engine, inspect, text

from geo.errors import WorkspaceError
from geo.geometry import WORLD
from geo.model import Article, Mention, Place, Reading, Resolution
from geo.workspace import schema
from geo.workspace.check import check
from geo.workspace.database import connect, engine_of, writing
from geo.workspace.details import pack_details
from geo.workspace.search import Search
from geo.workspace.tables import OWN, metadata
from geo.workspace.workspace import Workspace, open_workspace

_HOMS = Place("geonames:169577", "Homs", "city", "SY", "Homs", 34.73, 36.71, 775_404)
_TEXT = "The truce holds in Homs."
_READING = Reading(
    Article("a", _TEXT, language="en"),
    (Resolution("Homs", _HOMS, 0.9, mention=Mention(19, 23, "Homs", "name", (0, 24), 0.8)),),
)


def _is_ours(_object: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    # SQLite keeps full-text and R*Tree indexes in tables named after them; PostGIS has a table of its own.
    return name != "spatial_ref_sys" and not re.fullmatch(rf"({'|'.join(OWN)})(_[a-z]+)?", name or "")


def _fill(engine: Engine, content: Sequence[str]) -> None:
    """Write as a program of an earlier revision does."""
    with writing(engine) as connection:
        for statement in content:
            values = {"details": pack_details(_READING.resolutions)} if ":details" in statement else {}
            connection.execute(text(statement), values)


def _at_revision(store: str, revision: str) -> Engine:
    engine = engine_of(store)
    with engine.connect().execution_options(dateline_writes=True) as connection, connection.begin():
        schema.upgrade(connection, revision)
    return engine


def test_the_migrations_make_what_the_program_expects(store: str) -> None:
    with connect(store).connect() as connection:
        options = {"include_object": _is_ours, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert differences == []


def test_each_kind_of_store_gets_its_own_indexes(store: str) -> None:
    tables = inspect(connect(store))
    there = {*tables.get_table_names(), *(index["name"] for index in tables.get_indexes("places"))}
    own = {"words", "ix_places_point", "ix_places_ground"} if "postgresql" in store else {"words", "place_boxes"}
    assert own <= there


def test_the_newest_revision_is_the_one_the_program_works_with() -> None:
    assert ScriptDirectory.from_config(schema.configuration()).get_heads() == [schema.REVISION]


def test_every_revision_says_which_programs_may_read_it() -> None:
    revisions = ScriptDirectory.from_config(schema.configuration()).walk_revisions()
    assert all(script.module.reads_from <= script.revision for script in revisions)


def test_no_revision_calls_the_programs_own_code_which_changes_after_it() -> None:
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    assert [file.name for file in sorted(folder.glob("r*.py")) if "geo." in file.read_text(encoding="utf-8")] == []


def test_a_store_of_the_first_revision_is_brought_up_to_date(store: str) -> None:
    engine = _at_revision(store, "0001")
    _fill(engine, _FIRST_CONTENT)
    with open_workspace(store) as workspace:
        assert workspace.reading("a") == _READING
        assert workspace.count(Search(places=(_HOMS.id,))) == 1
        assert workspace.version().endswith("-7")


_FIRST_CONTENT = (
    "INSERT INTO origins VALUES (1, '', '', 'en')",
    "INSERT INTO articles (number, id, content_hash, origin, moment, boilerplate, made_by, mentions, resolved, places)"
    " VALUES (1, 'a', 'the hash', 1, 0, '[]', 'v1', 1, 1, 1)",
    "INSERT INTO places VALUES "
    "(1, 'geonames:169577', 'Homs', 'city', 'SY', 'Homs', NULL, 34.73, 36.71, 0.4, 775404, 0, 'GeoNames')",
    f"INSERT INTO contents VALUES (1, '{_TEXT}', :details)",
    "INSERT INTO mentions VALUES (1, 0, 19, 23, 'name', 0, 24, 0.8, NULL, 1, 0.9)",
    "INSERT INTO article_places VALUES (1, 1, 0, 1, 1)",
    "INSERT INTO place_counts VALUES (0, 1, 1, 1)",
    "UPDATE workspace_info SET value = '7' WHERE name = 'changes'",
)


def test_many_open_an_empty_store_at_once(store: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        versions = set(pool.map(lambda _: open_workspace(store).version(), range(6)))
    assert len(versions) == 1


def test_many_bring_a_store_up_to_date_at_once(store: str) -> None:
    _at_revision(store, "0001").dispose()
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda _: open_workspace(store).count(), range(6))) == {0}


def _change_tables(store: str, reads_from: str) -> None:
    """Make a store look as if a later version had changed its tables."""
    with writing(connect(store)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text(f"UPDATE workspace_info SET value = '{reads_from}' WHERE name = 'reads_from'"))


def test_tables_that_a_later_version_added_to_are_used_on(store: str) -> None:
    open_workspace(store).close()
    _change_tables(store, reads_from=schema.REVISION)
    with open_workspace(store) as workspace:
        assert _add_and_count(workspace) == 1


def _add_and_count(workspace: Workspace) -> int:
    workspace.add(_READING)
    return workspace.count()


def test_a_program_of_the_sixth_revision_works_on_beside_the_seventh(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_workspace(store).close()
    monkeypatch.setattr(schema, "REVISION", "0006")
    with open_workspace(store) as workspace:
        assert _add_and_count(workspace) == 1
        assert [place.place for place in workspace.places(Search(bbox=(36, 34, 37, 35)))] == [_HOMS]


def test_tables_that_a_later_version_changed_are_left_alone(store: str) -> None:
    open_workspace(store).close()
    _change_tables(store, reads_from="9999")
    with pytest.raises(WorkspaceError, match="revision 9999"):
        open_workspace(store)


def test_tables_of_before_there_were_revisions_are_left_alone(store: str) -> None:
    with connect(store).begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(WorkspaceError, match="before its tables had revisions"):
        open_workspace(store)


@pytest.mark.parametrize("revision", ["", "0000", "0003x", "later"])
def test_tables_of_a_revision_that_there_is_not_are_left_alone(revision: str) -> None:
    engine = connect("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
    with pytest.raises(WorkspaceError, match="which there is not"):
        schema.prepare(engine, "it")


def test_programs_that_know_no_totals_write_nothing_rather_than_what_does_not_agree(store: str) -> None:
    with pytest.raises(WorkspaceError, match="place_counts"):
        _fill(connect(store), ["INSERT INTO place_counts VALUES (0, 1, 1, 1)"])
    assert open_workspace(store).count() == 0


def test_totals_are_made_of_what_a_store_of_the_third_revision_has(store: str) -> None:
    _fill(_at_revision(store, "0003"), (*_FIRST_CONTENT, *_THIRD_CONTENT))
    with open_workspace(store) as workspace, workspace.engine.connect() as connection:
        assert not [finding for finding in check(workspace) if "count" in finding.wrong]
        (cell,) = workspace.cells(Search(since=dt.date(2017, 8, 1)), WORLD, 3)
        sure = connection.execute(text("SELECT article, place, sure FROM article_places ORDER BY article, place"))
        assert [tuple(row) for row in sure] == [(1, 1, 1), (2, 1, 1), (2, 2, 0)]
    assert (cell.mentions, cell.places, cell.unsure) == (3, 2, 1)


def test_near_duplicates_of_what_a_store_of_the_third_revision_has_are_found(store: str) -> None:
    report = " ".join(f"word{number}" for number in range(60))
    insert = "INSERT INTO contents VALUES (2, '{}', :details)"
    content = [each if "VALUES (2, 'Homs" not in each else insert.format(report) for each in _THIRD_CONTENT]
    stale = "INSERT INTO near_bands VALUES (2, 0, 1), (2, 1, 2)"
    _fill(_at_revision(store, "0003"), (*_FIRST_CONTENT, *content, stale))
    with open_workspace(store) as workspace:
        (added,) = workspace.add_all([Reading(Article("c", f"Officers said. {report}"), ())], "v1")
        assert added.near
        assert [carrier.id for carrier in workspace.carried_by(["c"])["c"]] == ["b"]


def test_texts_of_several_sources_are_found_under_each_once_the_store_is_up_to_date(store: str) -> None:
    _fill(_at_revision(store, "0005"), _FIFTH_CONTENT)
    with open_workspace(store) as workspace:
        assert workspace.sources() == {"Agency": 2, "Gazette": 1}
        assert [item.id for item in workspace.articles(Search(sources=("Gazette",)))] == ["a"]
        assert not [finding for finding in check(workspace) if "counted" in finding.wrong or "found" in finding.wrong]


def test_words_without_spaces_are_found_once_the_store_is_up_to_date(store: str) -> None:
    column = "rowid" if "sqlite" in store else "article"
    words = f"INSERT INTO words ({column}, text) VALUES (1, 'agency 停戦はシリアで')"
    contents = "INSERT INTO contents VALUES (1, '停戦はシリアで', :details), (2, 'Nothing.', :details)"
    _fill(_at_revision(store, "0005"), [*_FIFTH_CONTENT, contents, words])
    with open_workspace(store) as workspace:
        assert [item.id for item in workspace.articles(Search(q="シリア"))] == ["a"]
        assert workspace.count(Search(q="アシ")) == 0
        workspace.delete("a")
        assert workspace.count(Search(q="シリア")) == 0


_ARTICLE = (
    "INSERT INTO articles (number, id, content_hash, origin, moment, boilerplate, made_by, mentions, resolved, places)"
)
_FIFTH_CONTENT = (
    "INSERT INTO origins VALUES (1, 'Agency', '', 'en', 1)",
    f"{_ARTICLE} VALUES (1, 'a', 'hash', 1, 0, '[]', 'v1', 0, 0, 0), (2, 'b', 'another', 1, 0, '[]', 'v1', 0, 0, 0)",
    "INSERT INTO appearances (article, key, source) VALUES (1, 'x', 'Gazette'), (1, 'y', 'Agency'), (1, 'z', NULL)",
    "INSERT INTO day_counts VALUES (0, 1, 0, 2)",
)


# Two doubtful mentions of Homs, of which a person has accepted one, and a doubtful one of Hama.
_THIRD_CONTENT = (
    "INSERT INTO articles (number, id, content_hash, origin, moment, boilerplate, made_by, mentions, resolved, places)"
    " VALUES (2, 'b', 'another hash', 1, 2017080300000, '[]', 'v1', 3, 3, 2)",
    "INSERT INTO places VALUES "
    "(2, 'geonames:170017', 'Hama', 'city', 'SY', 'Hama', NULL, 35.13, 36.75, 0.4, 460602, 0, 'GeoNames')",
    "INSERT INTO contents VALUES (2, 'Homs, Homs, Hama.', :details)",
    "INSERT INTO mentions VALUES (2, 0, 0, 4, 'name', 0, 17, 0.8, NULL, 1, 0.3)",
    "INSERT INTO mentions VALUES (2, 1, 6, 10, 'name', 0, 17, 0.8, NULL, 1, 0.3)",
    "INSERT INTO mentions VALUES (2, 2, 12, 16, 'name', 0, 17, 0.8, NULL, 2, 0.3)",
    "INSERT INTO article_places VALUES (2, 1, 20170803, 1, 2), (2, 2, 20170803, 1, 1)",
    "INSERT INTO reviews VALUES ('another hash', 0, 4, 'accepted', 1, 'Ada', '2024-01-01T00:00:00+00:00', '')",
    "INSERT INTO day_counts VALUES (0, 1, 1, 1), (20170803, 1, 3, 1)",
)


def test_a_server_without_postgis_says_what_to_do(postgresql: str) -> None:
    url = new_database(postgresql, "template0")
    with connect(postgresql).begin() as connection:
        connection.execute(text("CREATE ROLE nobody_special LOGIN PASSWORD 'no secret'"))
        connection.execute(text(f'ALTER DATABASE "{url.rpartition("/")[2]}" OWNER TO nobody_special'))
    with pytest.raises(WorkspaceError, match="PostGIS is needed"):
        open_workspace(url.replace("dateline:only-for-tests", "nobody_special:no%20secret"))
