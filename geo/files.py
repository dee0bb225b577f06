"""Writing files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from geo.errors import OutputError


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
