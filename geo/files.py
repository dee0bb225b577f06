"""Writing files whole or not at all, folders that are made once and kept, and archives whose bytes repeat."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from geo.errors import OutputError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can record."""

UNUSED_DAYS = 14
"""Days after which a folder that nobody used may go: programs of other versions may share a cache."""

_DAY_SECONDS = 24 * 60 * 60


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at once; see `path_whole`."""
    with opened_whole(path) as file:
        file.write(content)


@contextmanager
def opened_whole(path: Path) -> Iterator[BinaryIO]:
    """Write a file in parts, as `path_whole` does."""
    with path_whole(path) as temporary, temporary.open("wb") as file:
        yield file


@contextmanager
def path_whole(path: Path) -> Iterator[Path]:
    """Give the path of a temporary file beside one to be written, which takes its place in the end.

    So readers see the old file or the new one, never a part. A link is followed; the file it leads to is replaced. An
    error within leaves the old file.

    Raises
    ------
    OutputError
        The folder is missing, the path is a folder or a device, or the disk refuses; nothing is left behind.
    """
    target = _replaceable(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        with suppress(OSError):  # it went to its place, or never came to be
            temporary.unlink()


def check_target(path: Path) -> None:
    """Refuse before long work what `path_whole` would refuse after it.

    Raises
    ------
    OutputError
        The folder is missing or not to be written to, or the path is a folder or a device.
    """
    try:
        tempfile.TemporaryFile(dir=_replaceable(path).parent).close()
    except OSError as error:
        raise _unwritten(path, error) from error


def _replaceable(path: Path) -> Path:
    """Return what a path leads to, where that can be replaced by a file."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OutputError(f"{path} is not a file that can be replaced.", "Give the path of a file.")
    return target


@contextmanager
def folder_whole(path: Path) -> Iterator[Path]:
    """Fill a new folder under another name beside it, which it gets in the end: it appears whole or not at all.

    Raises
    ------
    OutputError
        There is something of that name already, other than an empty folder, or the disk refuses.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{path} is there already.", "Give the path of a new folder.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.mkdir()
        yield temporary
        temporary.replace(target)
    except OSError as error:
        # What cannot be written below the temporary name is said of the folder that was asked for.
        cause = error.__cause__ if isinstance(error, OutputError) else None
        raise _unwritten(path, cause if isinstance(cause, OSError) else error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def folder_replaced(target: Path) -> Iterator[Path]:
    """Fill a folder of the cache beside its place, which it takes in the end; what was there before goes.

    Whoever calls this holds a lock that all hold who do: what is found half made was left by a process that was ended.

    Raises
    ------
    OSError
        The disk refuses; what was there before stays.
    """
    for left in target.parent.glob(".*.making"):
        shutil.rmtree(left, ignore_errors=True)
    making = target.with_name(f".{target.name}.making")
    making.mkdir()
    try:
        yield making
        if target.is_dir():
            shutil.rmtree(target)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def mark_used(path: Path) -> None:
    """Note, once a day, that something in the cache is in use; what cannot be written to is never removed."""
    with suppress(OSError):
        if _age(path) > _DAY_SECONDS:
            os.utime(path)


def remove_unused(kept: Iterable[Path]) -> None:
    """Remove those folders and files of the cache that no program has used for `UNUSED_DAYS`; see `mark_used`."""
    for path in kept:
        with suppress(OSError):
            if _age(path) <= UNUSED_DAYS * _DAY_SECONDS:
                continue
            if path.is_dir():
                # Another name first: nobody shall find half of it.
                shutil.rmtree(path.rename(path.with_name(f".{path.name}.making")))
            else:
                path.unlink()


def _age(path: Path) -> float:
    """Return the seconds since a folder or file was made or marked."""
    return time.time() - path.stat().st_mtime


def _unwritten(path: Path, error: OSError) -> OutputError:
    if isinstance(error, OutputError):
        return error
    reason = error.strerror or type(error).__name__
    return OutputError(f"{path} cannot be written: {reason}.", "Choose a folder that exists and that you may write to.")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files, by name, in the order given; its bytes depend on their content alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
