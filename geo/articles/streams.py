"""Open files: looking ahead, counting what is read, and copies that can be read in any order."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from typing import IO, Any, cast

from geo.errors import InputError

LARGEST_COPY = 1_000_000_000
"""Bytes of a file at most that must be read in any order and comes from a stream: an archive within another."""

_HEAD = 8192
_CHUNK = 1 << 18
_IN_MEMORY = 16_000_000


def peek(stream: IO[bytes], size: int = _HEAD) -> tuple[bytes, io.BufferedReader]:
    """Return a stream's first bytes, and the stream with them still to be read."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    return buffered.peek(size)[:size], buffered


def seekable(stream: IO[bytes], name: str) -> IO[bytes]:
    """Return a stream that can be read in any order: itself, or a copy in a nameless temporary file.

    Raises
    ------
    InputError
        The copy would hold more than `LARGEST_COPY` bytes.
    """
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it is gone when it is no longer used
    while chunk := stream.read(_CHUNK):
        if copy.tell() + len(chunk) > LARGEST_COPY:
            remedy = "Unpack it first, and give the file."
            raise InputError(f"{name} is larger than {LARGEST_COPY // 1_000_000} MB.", remedy)
        copy.write(chunk)
    copy.seek(0)
    return cast(IO[bytes], copy)


class _Metered(io.RawIOBase):
    """A stream that tells how much is read of it."""

    def __init__(self, stream: IO[bytes], tell: Callable[[int], object]) -> None:
        super().__init__()
        self._stream, self._tell = stream, tell

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._tell(len(data))
        return len(data)


def metered(stream: IO[bytes], tell: Callable[[int], object]) -> io.BufferedReader:
    """Return a stream that calls ``tell`` with the number of bytes of each read."""
    return io.BufferedReader(_Metered(stream, tell), _CHUNK)
