"""Archives made for tests: sound ones and hostile ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

REPORTS = {"a/one.txt": b"BEIRUT, Aug 3 (Reuters) - One.", "two.jsonl": b'{"text": "Two."}\n{"text": "Three."}\n'}


def zip_of(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tar_of(files: Mapping[str, bytes], *others: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in others:
            archive.addfile(info)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def encrypted(archive: bytes) -> bytes:
    """Mark every member of a ZIP archive as encrypted."""
    changed = bytearray(archive)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + flags] |= 1
            at = changed.find(signature, at + 4)
    return bytes(changed)


PACKED = {
    "reports.zip": zip_of(REPORTS),
    "reports.tar": tar_of(REPORTS),
    "reports.tar.gz": gzip.compress(tar_of(REPORTS)),
    "reports.tgz": gzip.compress(tar_of(REPORTS)),
    "reports.tar.bz2": bz2.compress(tar_of(REPORTS)),
    "reports.tar.xz": lzma.compress(tar_of(REPORTS)),
    "reports": gzip.compress(tar_of(REPORTS)),
}
