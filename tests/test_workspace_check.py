from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from reading_cast import SOME
from sqlalchemy import text

from geo.errors import WorkspaceError
from geo.workspace.check import check
from geo.workspace.transfer import export_to
from geo.workspace.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(store: str) -> Iterator[Workspace]:
    with open_workspace(store) as workspace:
        workspace.add_all(SOME, "v1")
        yield workspace


def _damage(workspace: Workspace, *statements: str) -> None:
    with workspace.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def test_an_empty_workspace_is_sound(store: str) -> None:
    with open_workspace(store) as workspace:
        assert check(workspace) == []


def test_a_filled_workspace_is_sound_after_every_change(workspace: Workspace) -> None:
    workspace.add_all(SOME[:9], "v2")
    workspace.delete(SOME[3].article.id)
    assert check(workspace) == []


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("UPDATE contents SET text = 'another' WHERE article = 2", "1 texts are not what was stored: id of Item 1"),
        ("DELETE FROM contents WHERE article = 2", "1 articles have lost their text"),
        ("DELETE FROM mentions WHERE article = 2 AND position = 0", "1 articles count other mentions than they have"),
        ("DELETE FROM article_places WHERE article = 2", "1 articles count other places than they name"),
        ("UPDATE place_totals SET mentions = 7 WHERE part = 0", "1 places are counted otherwise"),
        ("DELETE FROM day_counts", "1 days are counted otherwise"),
        ("DELETE FROM outlets", "31 articles are found under other sources than published them"),
        ("UPDATE articles SET mentions = 9 WHERE number = 1", "1 articles count other mentions than they have"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(workspace: Workspace, statement: str, wrong: str) -> None:
    _damage(workspace, statement)
    found = check(workspace)
    assert wrong in " ".join(finding.wrong for finding in found)
    assert all(finding.remedy for finding in found)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE contents SET details = X'789c00' WHERE article = 2",
        "UPDATE articles SET boilerplate = '{' WHERE number = 2",
        "UPDATE articles SET date = '2017-08-x3' WHERE number = 2",
        "UPDATE articles SET time = '99:99' WHERE number = 2",
        "UPDATE contents SET text = X'ff00' WHERE article = 2",
        "UPDATE contents SET text = CAST(X'ff00' AS TEXT) WHERE article = 2",
        "UPDATE articles SET title = X'ff00' WHERE number = 2",
        "UPDATE mentions SET kind = X'ff00' WHERE article = 2",
        "UPDATE mentions SET start = 'x' WHERE article = 2 AND position = 0",
        """UPDATE footprints SET places = '["nowhere"]' WHERE article = 2""",
        "UPDATE shapes SET outline = substr(outline, 1, 20)",
        "INSERT INTO reviews SELECT content_hash, 0, 1, 'x', NULL, 'R', 'then', '' FROM articles WHERE number = 2",
    ],
)
def test_values_that_cannot_be_read_are_told_and_never_a_traceback(tmp_path: Path, damage: str) -> None:
    with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as workspace:
        workspace.add_all(SOME, "v1")
        _damage(workspace, damage)
        assert "cannot be read" in " ".join(finding.wrong for finding in check(workspace))
        with pytest.raises(WorkspaceError, match=r"workspace check|from a copy"):
            export_to(workspace, tmp_path / "all.gz")


@pytest.mark.parametrize("damage", ["DELETE FROM workspace_info", "UPDATE workspace_info SET value = 'many'"])
def test_a_store_without_its_own_values_says_where_to_look(store: str, damage: str) -> None:
    with open_workspace(store) as workspace:
        _damage(workspace, damage)
        with pytest.raises(WorkspaceError, match="workspace check"):
            workspace.add_all(SOME, "v1")


@pytest.mark.parametrize(
    ("damage", "asked"),
    [
        ("UPDATE articles SET date = '2017-08-x3' WHERE number = 2", Workspace.articles),
        ("UPDATE day_counts SET day = 20179999", Workspace.trend),
        ("UPDATE article_places SET day = 20179999", lambda workspace: workspace.trend(top=3)),
        ("DELETE FROM workspace_info", Workspace.version),
    ],
)
def test_damage_in_what_is_asked_for_says_where_to_look(
    tmp_path: Path, damage: str, asked: Callable[[Workspace], object]
) -> None:
    with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as workspace:
        workspace.add_all(SOME, "v1")
        _damage(workspace, damage)
        with pytest.raises(WorkspaceError, match="workspace check"):
            asked(workspace)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET made_by = X'ff00'",
        "UPDATE mentions SET confidence = 'much'",
        "UPDATE places SET population = 'many'",
        "UPDATE shapes SET hash = 'none' WHERE number = 1",
    ],
)
def test_values_of_another_kind_are_told(tmp_path: Path, damage: str) -> None:
    with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as workspace:
        workspace.add_all(SOME, "v1")
        _damage(workspace, damage)
        assert "values of another kind" in " ".join(finding.wrong for finding in check(workspace))


def test_rows_that_point_to_nothing_are_told(tmp_path: Path) -> None:
    with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as workspace:
        workspace.add_all(SOME)
        with closing(sqlite3.connect(tmp_path / "a.db")) as careless:  # which checks no foreign keys
            careless.execute("DELETE FROM places")
            careless.commit()
        assert "point to places that are not there" in str(check(workspace)[0])


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_workspace(f"sqlite:///{path}") as workspace:
        workspace.add_all(SOME)
        _damage(workspace, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[40960:49152] = bytes(8192)
    path.write_bytes(content)
    with open_workspace(f"sqlite:///{path}") as workspace:
        assert "The file is damaged" in str(check(workspace)[0])


def test_progress_is_told(workspace: Workspace) -> None:
    told: list[str] = []
    check(workspace, told.append)
    assert told[:2] == ["the file", "rows that point to nothing"]
