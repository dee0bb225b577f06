"""Writing files whole or not at all, and archives whose bytes repeat."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from geo.errors import OutputError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can record."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it, so that readers see the old file or the new one, never a part.

    A link is followed; the file it leads to is replaced.

    Raises
    ------
    OutputError
        The folder is missing, the path is a folder or a device, or the disk refuses; nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OutputError(f"{path} is not a file that can be replaced.", "Give the path of a file.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        remedy = "Choose a folder that exists and that you may write to."
        raise OutputError(f"{path} cannot be written: {reason}.", remedy) from error
    finally:
        temporary.unlink(missing_ok=True)


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
