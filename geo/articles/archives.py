"""Archives: what is in them, as streams, in bounded memory; nothing is ever unpacked to the disk under a name.

What an archive says of itself is not believed: bytes are counted as they come out.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, cast

from geo.articles.document import Unreadable
from geo.articles.streams import metered, seekable
from geo.errors import InputError

LAYERS = 4
"""Archives and compressions inside each other at most: ``news.zip`` with ``2017.tar.gz`` with ``a.html`` has three."""

LARGEST_RATIO = 200
"""How many times its packed size a file may have once `_SURE` bytes are out: text is packed 3 to 30 times."""

LARGEST_DIRECTORY = 64_000_000
"""Bytes of a ZIP archive's list of members at most, about 600,000 of them: all of it is held in memory."""

_SURE = 20_000_000
_CHUNK = 1 << 16
_TAIL = 65_557 + 20  # a ZIP archive's end record with the longest comment, and what points to the 64-bit one
_LIBRARY_ERRORS = (zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, struct.error)
DAMAGED = (OSError, EOFError, RuntimeError, ValueError, OverflowError, *_LIBRARY_ERRORS)
"""What the standard library raises for damaged archives; an `InputError` of our own is a ValueError, too."""

_NO_GZIP = "Not a gzipped file"
"""What the standard library says of bytes that are not compressed, where a further compressed part might begin."""

_DAMAGE_REMEDY = "Copy it anew, or unpack it with another program and give the folder."


@dataclass
class Allowance:
    """What may still come out of one source, through all its layers: some bytes, some files."""

    bytes: int = 100_000_000_000
    members: int = 2_000_000
    layers: int = LAYERS

    def take_member(self, name: str) -> None:
        """Count one file.

        Raises
        ------
        InputError
            There were too many.
        """
        self.members -= 1
        if self.members < 0:
            raise InputError(f"{name} holds too many files.", "Give it in parts.")

    def take_bytes(self, count: int, name: str) -> None:
        """Count bytes that came out.

        Raises
        ------
        InputError
            There were too many.
        """
        self.bytes -= count
        if self.bytes < 0:
            raise InputError(f"{name} holds too much: reading stopped there.", "Give it in parts.")


@dataclass(frozen=True)
class Member:
    """A file in an archive: its name there, safe to show, and its content, to be read before the next one is asked."""

    name: str
    stream: IO[bytes] = field(repr=False)


def is_archive(kind: str) -> bool:
    """Tell whether files with a suffix (``.zip``) are archives or compressed."""
    return kind in _OPENERS


def members_of(stream: IO[bytes], name: str, kind: str, allowance: Allowance) -> Iterator[Member | Unreadable]:
    """Yield the files of an archive, in its order; hidden files, links and devices are left out.

    Parameters
    ----------
    kind
        The suffix that says what it is: ``.zip``, ``.tar``, or a compression such as ``.gz``.

    Raises
    ------
    InputError
        It is damaged, too deep inside others, or more comes out of it than may.
    """
    if allowance.layers <= 0:
        raise InputError(f"{name} is packed more than {LAYERS} times.", "Unpack it and give the files.")
    allowance.layers -= 1
    try:
        yield from _OPENERS[kind](stream, name, allowance)
    except InputError:
        raise
    except DAMAGED as error:
        raise _damaged(name, error) from error
    finally:
        allowance.layers += 1


def _damaged(name: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return InputError(f"{name} is damaged ({reason}).", _DAMAGE_REMEDY)


def _zip_members(stream: IO[bytes], name: str, allowance: Allowance) -> Iterator[Member | Unreadable]:
    packed = seekable(stream, name)
    if _directory_size(packed) > LARGEST_DIRECTORY:
        raise InputError(f"{name} holds too many files.", "Give it in parts.")
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            if info.is_dir() or is_hidden(info.filename) or _is_link(info):
                continue
            allowance.take_member(name)
            inside = f"{name}: {shown(info.filename)}"
            if info.flag_bits & 1:
                remedy = "Unpack it with its password and give the files."
                yield Unreadable(inside, InputError(f"{inside} is encrypted.", remedy))
                continue
            try:
                content = archive.open(info)
            except DAMAGED as error:
                yield Unreadable(inside, _damaged(inside, error))
                continue
            with content:
                size = partial(getattr, info, "compress_size")
                yield Member(shown(info.filename), _unpacked(content, inside, allowance, size))


def _directory_size(stream: IO[bytes]) -> int:
    """Return the size of a ZIP archive's list of members, as its end record says (APPNOTE.TXT 4.3.14 and 4.3.16)."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - _TAIL))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    size = struct.unpack_from("<L", tail, at + 12)[0] if 0 <= at <= len(tail) - 22 else 0
    if size == 0xFFFFFFFF:
        at = tail.rfind(b"PK\x06\x06")
        size = struct.unpack_from("<Q", tail, at + 40)[0] if 0 <= at <= len(tail) - 56 else size
    return int(size)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def _tar_members(stream: IO[bytes], name: str, allowance: Allowance) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # else it keeps all it has seen
            allowance.take_member(name)
            content = archive.extractfile(info) if info.isfile() and not is_hidden(info.name) else None
            if content is not None:
                with content:
                    inside = f"{name}: {shown(info.name)}"
                    size = partial(getattr, info, "size")
                    yield Member(shown(info.name), _unpacked(content, inside, allowance, size))


def _compressed(
    opened: Callable[[IO[bytes]], IO[bytes]], suffixes: dict[str, str]
) -> Callable[[IO[bytes], str, Allowance], Iterator[Member | Unreadable]]:
    """Return what reads a compressed file; ``suffixes`` turn its name's end into that of the file within."""

    def members(stream: IO[bytes], name: str, allowance: Allowance) -> Iterator[Member | Unreadable]:
        taken = [0]

        def take(count: int) -> None:
            taken[0] += count

        inner = PurePosixPath(name.rpartition(": ")[2]).name
        suffix = PurePosixPath(inner).suffix
        with opened(metered(stream, take)) as content:
            within = inner.removesuffix(suffix) + suffixes.get(suffix.casefold(), "")
            unpacked = _Unpacked(content, name, allowance, lambda: taken[0])
            yield Member(within, io.BufferedReader(unpacked, _CHUNK))
            if unpacked.is_followed:
                error = InputError(f"{name} goes on after its compressed end; that is left out.", _DAMAGE_REMEDY)
                yield Unreadable(name, error, is_notice=True)

    return members


def _unpacked(stream: IO[bytes], name: str, allowance: Allowance, packed_size: Callable[[], int]) -> io.BufferedReader:
    return io.BufferedReader(_Unpacked(stream, name, allowance, packed_size), _CHUNK)


class _Unpacked(io.RawIOBase):
    """What comes out of one file of an archive: counted, stopped where it is far more than went in."""

    def __init__(self, stream: IO[bytes], name: str, allowance: Allowance, packed_size: Callable[[], int]) -> None:
        super().__init__()
        self._read1: Callable[[int], bytes] = cast(io.BufferedIOBase, stream).read1
        self._name, self._allowance, self._packed_size = name, allowance, packed_size
        self._count = 0
        self.is_followed = False  # by bytes that are not compressed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._read1(len(buffer))  # no more than is sound: what is damaged below comes with the next read
        except InputError:
            raise
        except DAMAGED as error:
            self.is_followed = bool(self._count) and str(error).startswith(_NO_GZIP)
            if not self.is_followed:
                raise _damaged(self._name, error) from error
            data = b""
        buffer[: len(data)] = data
        self._count += len(data)
        self._allowance.take_bytes(len(data), self._name)
        if self._count > _SURE and self._count > LARGEST_RATIO * max(1, self._packed_size()):
            remedy = "If it is sound, unpack it and give the file."
            raise InputError(f"{self._name} grows more than {LARGEST_RATIO}-fold when unpacked.", remedy)
        return len(data)


def is_hidden(path: str) -> bool:
    """Tell whether a path in an archive or folder is of a hidden file, or of what macOS adds to archives."""
    return any((part.startswith(".") and part not in {".", ".."}) or part == "__MACOSX" for part in path.split("/"))


def shown(name: str) -> str:
    """Return a file's name as it may be printed: without control characters and halves of characters."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _opened_gzip(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream))


def _opened_bzip2(stream: IO[bytes]) -> IO[bytes]:
    return bz2.BZ2File(stream)


def _opened_xz(stream: IO[bytes]) -> IO[bytes]:
    return lzma.LZMAFile(stream)


_OPENERS: dict[str, Callable[[IO[bytes], str, Allowance], Iterator[Member | Unreadable]]] = {
    ".zip": _zip_members,
    ".tar": _tar_members,
    ".gz": _compressed(_opened_gzip, {".tgz": ".tar"}),
    ".tgz": _compressed(_opened_gzip, {".tgz": ".tar"}),
    ".bz2": _compressed(_opened_bzip2, {".tbz2": ".tar"}),
    ".tbz2": _compressed(_opened_bzip2, {".tbz2": ".tar"}),
    ".xz": _compressed(_opened_xz, {".txz": ".tar"}),
    ".txz": _compressed(_opened_xz, {".txz": ".tar"}),
}
