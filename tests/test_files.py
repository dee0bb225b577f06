import io
import os
import stat
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.files import (
    check_target,
    folder_replaced,
    folder_whole,
    mark_used,
    opened_whole,
    remove_unused,
    write_whole,
    zipped,
)


def test_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.txt": b"new"}


def test_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_whole(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_missing_folder_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written: No such file.*Choose a folder"):
        write_whole(tmp_path / "missing" / "a.txt", b"")


def test_file_in_place_of_the_folder_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written: Not a directory"):
        write_whole(tmp_path / "file" / "a.txt", b"")


def test_folder_in_the_way_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not a file"):
        write_whole(tmp_path, b"")


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing/a.txt", "No such file"), ("file/a.txt", "Not a directory"), (".", "not a file"), ("/dev/null", "not a")],
)
def test_what_could_not_be_written_is_told_before_long_work(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=words):
        check_target(tmp_path / name)
    check_target(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_failing_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", _full_disk)
    with pytest.raises(OutputError):
        write_whole(target, b"new")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


def _full_disk(self: Path, target: Path) -> Path:
    raise OSError(28, "No space left on device")


def test_archive_keeps_order_and_names_no_hour() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped({"b.txt": b"2", "a/حمص.txt": b"1"}))) as archive:
        assert archive.namelist() == ["b.txt", "a/حمص.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("a/حمص.txt") == b"1"


def test_file_written_in_parts_is_not_there_before_its_end(tmp_path: Path) -> None:
    with opened_whole(tmp_path / "a.txt") as file:
        file.write(b"a part")
        assert not (tmp_path / "a.txt").exists()
    assert (tmp_path / "a.txt").read_bytes() == b"a part"


def test_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), folder_whole(tmp_path / "all") as folder:
        (folder / "a.txt").write_bytes(b"a part")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_folder_with_something_in_it_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is there already"), folder_whole(tmp_path):
        pass


def test_folder_takes_the_place_of_an_earlier_one_and_of_what_was_left_half_made(tmp_path: Path) -> None:
    for name in ("all", ".all.making", ".other.making"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "old.txt").touch()
    with folder_replaced(tmp_path / "all") as folder:
        (folder / "new.txt").touch()
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == ["all", "all/new.txt"]


def test_folder_that_fails_leaves_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    with suppress(ZeroDivisionError), folder_replaced(tmp_path / "all"):
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_other_users_may_read_a_folder_of_the_cache(tmp_path: Path) -> None:
    # An image is built by one user and run by another.
    before = os.umask(0o022)
    with folder_replaced(tmp_path / "all"):
        pass
    os.umask(before)
    assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o755


def _unused(folder: Path, days: float) -> Path:
    folder.mkdir()
    (folder / "a.txt").touch()
    then = time.time() - days * 24 * 60 * 60
    os.utime(folder, (then, then))
    return folder


def test_folders_that_nobody_used_for_long_are_removed(tmp_path: Path) -> None:
    folders = [_unused(tmp_path / str(days), days) for days in (0, 13, 15)]
    remove_unused([*folders, tmp_path / "missing"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "13"]


def test_a_folder_in_use_is_kept(tmp_path: Path) -> None:
    folder = _unused(tmp_path / "all", 15)
    mark_used(folder)
    mark_used(tmp_path / "missing")
    remove_unused([folder])
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_file_that_cannot_be_written_in_a_folder_is_said_of_the_folder(tmp_path: Path) -> None:
    told = "new cannot be written: No such file"
    with pytest.raises(OutputError, match=told), folder_whole(tmp_path / "new") as folder:
        write_whole(folder / "missing" / "a.txt", b"")
    assert list(tmp_path.iterdir()) == []
