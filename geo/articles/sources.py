"""Where articles come from: files, folders, patterns, standard input, addresses on the web."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.articles.archives import is_hidden
from geo.articles.document import Document, Unreadable
from geo.articles.formats import FORMATS, PassedOver, Unopened, holds_one_report, is_known, parts_of
from geo.articles.streams import metered
from geo.errors import DatelineError, InputError, InputNotFoundError

STDIN = "-"
_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
Part = Document | Unreadable | Unopened
"""What is in a source."""

_WAY_OUT = "Give a file, a folder, a pattern in quotes, or - for standard input."


def _ignore(count: int) -> None:
    """Take no note of bytes read."""


@dataclass(frozen=True, slots=True)
class Access:
    """How sources may be reached.

    Attributes
    ----------
    fetch
        Whether addresses on the web are fetched; see `geo.articles.fetching`.
    consumed
        Called with the number of bytes of each read from a file.
    """

    fetch: bool = False
    consumed: Callable[[int], object] = _ignore


PLAIN = Access()
"""Nothing is fetched."""


def documents_in(source: str | Path, access: Access = PLAIN) -> Iterator[Document | Unreadable]:
    """Yield the documents of a file, a folder, files that a pattern matches, standard input (``-``) or an address.

    A file or folder that cannot be read is `Unreadable`.

    Raises
    ------
    InputNotFoundError
        No file matches the pattern.
    InputError
        The name is empty, or the address cannot be fetched.
    """
    for part in parts_in(source, access):
        yield from opened(part, access) if isinstance(part, Path | Unopened) else [part]


def opened(part: Path | Unopened, access: Access = PLAIN) -> Iterator[Document | Unreadable]:
    """Yield the documents of a file; if it cannot be read, that is told in its place."""
    if isinstance(part, Unopened):
        yield from part.documents()
        return
    for inner in _each(part, access):
        yield from inner.documents() if isinstance(inner, Unopened) else [inner]


def parts_in(source: str | Path, access: Access = PLAIN) -> Iterator[Part | Path]:
    """Yield what `documents_in` does, but of files with one report each only the paths, and what is packed unopened.

    Whoever reads these files, and where, may then be decided; pages and PDFs take long.
    """
    if isinstance(source, str) and not source.strip():
        raise InputError("The name of a source is empty.", _WAY_OUT)
    if str(source) == STDIN:
        if sys.stdin is None:  # Python has none where it was closed before
            raise InputError("Standard input is closed.", _WAY_OUT)
        yield from parts_of(sys.stdin.buffer, "standard input")
    elif is_address(source):
        yield from _on_the_web(str(source), access)
    elif is_pattern(source):
        for path in map(Path, _matches(str(source))):
            yield from _found(path, access)
    else:
        yield from _parts(Path(source), access)


def is_address(source: str | Path) -> bool:
    """Tell whether a source is an address, as ``https://example.org/feed``."""
    return isinstance(source, str) and bool(_WEB.match(source))


def is_pattern(source: str | Path) -> bool:
    """Tell whether a source is a pattern, as ``reports/**/*.html``, and no file of that very name."""
    return isinstance(source, str) and glob.has_magic(source) and not _is(Path.exists, Path(source))


def size_of(sources: Sequence[str | Path]) -> int | None:
    """Return how many bytes the sources' files have; None where that cannot be known, as for standard input."""
    if any(str(source) == STDIN or is_address(source) for source in sources):
        return None
    try:
        return sum(_size(path) for source in sources for path in files_of(source))
    except InputNotFoundError:  # a pattern that nothing matches: reading it will tell
        return None


def files_of(source: str | Path) -> Iterator[Path]:
    """Yield the files of known kinds that a path, folder or pattern stands for, in the order they are read."""
    for path in map(Path, _matches(source) if isinstance(source, str) and is_pattern(source) else [source]):
        files = (file for file in _files_under(path) if is_known(file.name)) if _is(Path.is_dir, path) else [path]
        yield from (file for file in files if not _is_device(file))


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    try:
        return kind(path)
    except OSError:  # a name longer than any: opening it will tell
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _on_the_web(address: str, access: Access) -> Iterator[Part]:
    if not access.fetch:
        remedy = "Set DATELINE_FETCH=1 to fetch pages, or save the page as .html and give that file."
        raise InputError(f"{address} is on the web, and nothing is fetched unless you allow it.", remedy)
    from geo.articles.fetching import parts_at

    yield from parts_at(address)


def _matches(pattern: str) -> list[str]:
    found = sorted({os.path.normpath(path) for path in glob.glob(pattern, recursive=True)})  # noqa: PTH207 - Path.glob takes no absolute pattern
    whole = set(found)
    # A folder that is matched is read whole: what is matched inside it would be read twice.
    kept = [path for path in found if not any(str(parent) in whole for parent in Path(path).parents)]
    if not kept:
        raise InputNotFoundError(f"No file matches {pattern}.", _WAY_OUT)
    return kept


def _in_file(path: Path, access: Access) -> Iterator[Part]:
    try:
        with path.open("rb") as stream, metered(stream, access.consumed) as counted:
            yield from parts_of(counted, str(path))
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}.", "Check the path; quote it if it holds spaces.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _in_folder(folder: Path, access: Access) -> Iterator[Part | Path]:
    """Read all files of known kinds, folder by folder, each in order of names."""
    passed_over = PassedOver(str(folder))
    known = False
    for path in _files_under(folder):
        if is_known(path.name):
            known = True
            yield from _found(path, access)
        else:
            passed_over.note(str(path.relative_to(folder)))
    if not known:
        suffixes = ", ".join(sorted(FORMATS))
        raise InputError(f"The folder {folder} holds no articles.", f"Put files in it with one of {suffixes}.")
    yield from passed_over.report()


def _of_path(path: Path, access: Access) -> Iterator[Part | Path]:
    return _in_folder(path, access) if _is(Path.is_dir, path) else _in_file(path, access)


def _found(path: Path, access: Access) -> Iterator[Part | Path]:
    """Read what a folder holds or a pattern matches: never a pipe, for nobody may be at its other end."""
    if _is_device(path):
        error = InputError(f"{path} is a pipe, a socket or a device.", "Give it by its name to read it.")
        yield Unreadable(str(path), error)
    else:
        yield from _parts(path, access)


def _is_device(path: Path) -> bool:
    return _is(Path.exists, path) and not (_is(Path.is_file, path) or _is(Path.is_dir, path))


def _parts(path: Path, access: Access) -> Iterator[Part | Path]:
    """Yield one of many, or what is in it; if it cannot be read, that is told in its place."""
    if holds_one_report(path.name) and not _is(Path.is_dir, path):
        yield path
        return
    try:
        yield from _of_path(path, access)
    except DatelineError as error:
        yield Unreadable(str(path), error)


def _each(path: Path, access: Access) -> Iterator[Part]:
    """Read one file of many: if it cannot be read, that is told in its place."""
    try:
        yield from _in_file(path, access)
    except DatelineError as error:
        yield Unreadable(str(path), error)


def _files_under(folder: Path) -> Iterator[Path]:
    # Links to folders are not followed: they may lead in a circle. Hidden files are not meant to be read.
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        yield from (Path(parent, name) for name in sorted(names) if not is_hidden(name))
