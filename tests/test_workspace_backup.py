from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from reading_cast import HOLED, SOME, reading_of
from real_postgresql import new_database

from geo.errors import InputError, InputNotFoundError, OutputError, WorkspaceError
from geo.workspace.backup import backup, restore
from geo.workspace.check import check
from geo.workspace.transfer import digest, export_to
from geo.workspace.workspace import Workspace, open_workspace
from geo.workspace.zones import ZoneState

DAY = dt.date(2017, 8, 1)
STATE = ZoneState("a-zone", DAY, DAY, {"en": "Zone"}, "agreed", 2.5, HOLED, HOLED, HOLED)


def _filled(url: str) -> Workspace:
    workspace = open_workspace(url)
    workspace.add_all(SOME, "v1")
    return workspace


def _backup(url: str, folder: Path) -> tuple[Path, str]:
    """Return a backup of a filled store, and the digest of what is in it."""
    path = folder / "backup.gz"
    with _filled(url) as workspace:
        backup(workspace, path)
        return path, digest(workspace)


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_backup_comes_back_in_either_store(
    store: str, target: str, replace: bool, tmp_path: Path, postgresql: str
) -> None:
    path, expected = _backup(store, tmp_path)
    other = f"sqlite:///{tmp_path / 'other.db'}" if target == "sqlite" else new_database(postgresql)
    with open_workspace(other) as workspace:
        if replace:
            workspace.add(reading_of("Rastan, what was there before."))
        restore(workspace, path, replace=replace)
        assert digest(workspace) == expected
        assert check(workspace) == []
        assert workspace.add(reading_of("Rastan, later.")).outcome == "new"


def test_a_backup_ends_however_much_others_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.workspace.backup._PAGES", 5)
    store, looks = f"sqlite:///{tmp_path / 'a.db'}", []
    with _filled(store) as workspace, open_workspace(store) as writer:

        def write(done: int, total: int) -> None:
            looks.append(done)
            assert len(looks) <= total, "the backup begins anew each time"
            writer.add(reading_of(f"Rastan, added at {len(looks)}."), "v1")

        backup(workspace, tmp_path / "saved.db", write)
    with open_workspace(f"sqlite:///{tmp_path / 'saved.db'}") as saved:
        assert (saved.count(), check(saved)) == (len(SOME), [])
    assert len(looks) > 5


def test_what_is_restored_has_another_version(tmp_path: Path) -> None:
    path, _ = _backup(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
    with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as workspace:
        before = workspace.version()
        restore(workspace, path, replace=True)
        assert workspace.version() != before


def test_a_workspace_with_content_is_not_overwritten_unasked(store: str, tmp_path: Path) -> None:
    path, _ = _backup(store, tmp_path)
    with open_workspace(store) as workspace, pytest.raises(WorkspaceError, match=r"is not empty\. Add --replace"):
        restore(workspace, path)


def test_a_backup_made_while_others_write_is_one_state(store: str, tmp_path: Path) -> None:
    with _filled(store) as workspace, open_workspace(store) as writer:
        done = threading.Event()

        def write() -> None:
            for number in range(1000):
                if done.is_set():
                    return
                writer.add(reading_of(f"Rastan, added {number}."), "v1")

        thread = threading.Thread(target=write)
        thread.start()
        for number in range(3):
            backup(workspace, tmp_path / f"{number}.gz")
        done.set()
        thread.join()
    with open_workspace("sqlite://") as restored:
        for number in range(3):
            restore(restored, tmp_path / f"{number}.gz", replace=True)
            assert check(restored) == []
            assert restored.count() >= len(SOME)


@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_damaged_backup_is_refused_before_anything_changes(store: str, tmp_path: Path, share: float) -> None:
    path, expected = _backup(store, tmp_path)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with open_workspace(store) as workspace:
        with pytest.raises(InputError, match="damaged"):
            restore(workspace, path, replace=True)
        assert digest(workspace) == expected


@pytest.fixture
def busy(postgresql: str) -> Iterator[Workspace]:
    """A PostgreSQL workspace with something in it."""
    with open_workspace(new_database(postgresql)) as workspace:
        workspace.add(reading_of("Rastan, what was there before."))
        yield workspace


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET made_by = X'ff00'",
        "UPDATE mentions SET confidence = 'much'",
        "UPDATE places SET population = 'many'",
        "UPDATE contents SET details = X'789c00'",
    ],
)
def test_values_that_are_damaged_in_a_backup_are_told_by_its_name(busy: Workspace, tmp_path: Path, damage: str) -> None:
    path, _ = _backup(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
    with closing(sqlite3.connect(path)) as backup_file:
        backup_file.execute(damage)
        backup_file.commit()
    before = digest(busy)
    with pytest.raises(InputError, match=rf"{path} holds what cannot be read.*check --workspace sqlite:///{path}"):
        restore(busy, path, replace=True)
    assert digest(busy) == before


def test_an_interrupted_restore_leaves_what_was_there(busy: Workspace, tmp_path: Path) -> None:
    path, expected = _backup("sqlite://", tmp_path)
    before = (digest(busy), busy.version())
    with pytest.raises(KeyboardInterrupt):
        restore(busy, path, replace=True, progress=_stop)
    assert (digest(busy), busy.version()) == before
    restore(busy, path, replace=True)
    assert digest(busy) == expected


@pytest.mark.parametrize("kind", ["sqlite", "export"])
def test_a_connection_lost_while_restoring_leaves_what_was_there(busy: Workspace, tmp_path: Path, kind: str) -> None:
    path = _backup(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)[0]
    if kind == "export":
        with open_workspace(f"sqlite:///{tmp_path / 'a.db'}") as source:
            export_to(source, path := tmp_path / "export.gz")
    before = digest(busy)
    with pytest.raises(WorkspaceError):
        restore(busy, path, replace=True, progress=lambda *_: _end_others(busy))
    assert digest(busy) == before
    assert check(busy) == []


def _end_others(workspace: Workspace) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = %s"
    with workspace.engine.connect() as connection:
        connection.exec_driver_sql(ended, ("client backend",))


def test_others_read_what_was_there_until_all_is_restored(busy: Workspace, tmp_path: Path) -> None:
    path, _ = _backup("sqlite://", tmp_path)
    seen: list[int] = []
    with open_workspace(busy.engine.url.render_as_string(hide_password=False)) as reader:
        restore(busy, path, replace=True, progress=lambda *_: seen.append(reader.count()))
        assert set(seen) == {1}
        assert reader.count() == len(SOME)


def test_zones_stay_when_articles_are_replaced(store: str, tmp_path: Path) -> None:
    path, _ = _backup("sqlite://", tmp_path)
    with open_workspace(store) as workspace:
        workspace.keep_zones([STATE], "some digest")
        restore(workspace, path, replace=True)
        workspace.keep_zones([STATE], "some digest")  # as the next ingest does
        assert [state.id for state in workspace.zones_on(STATE.since)] == [STATE.id]


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    sqlite3.connect(tmp_path / "b.db").execute("CREATE TABLE a (b)").connection.close()
    with open_workspace("sqlite://") as workspace:
        with pytest.raises(InputError, match="no backup of a workspace"):
            restore(workspace, tmp_path / "a.txt")
        with pytest.raises(InputError, match="another program's"):
            restore(workspace, tmp_path / "b.db")
        with pytest.raises(InputNotFoundError):
            restore(workspace, tmp_path / "missing.gz")


def test_a_backup_appears_whole_or_not_at_all(store: str, tmp_path: Path) -> None:
    with _filled(store) as workspace, pytest.raises(OutputError):
        backup(workspace, tmp_path / "missing" / "backup.gz")
    assert not (tmp_path / "missing").exists()


def test_progress_is_told(store: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with _filled(store) as workspace:
        backup(workspace, tmp_path / "a.gz", lambda done, total: told.append((done, total)))
    assert told[-1][0] > 0
