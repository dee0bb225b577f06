from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from archive_cast import PACKED, REPORTS, encrypted, link, tar_of, zip_of
from hypothesis import given
from hypothesis import strategies as st

from geo.articles.archives import Allowance
from geo.articles.document import Document, Unreadable
from geo.articles.formats import documents_of
from geo.articles.reader import read_articles
from geo.errors import InputError
from geo.model import Article


def _found(content: bytes, name: str, allowance: Allowance | None = None) -> list[Document | Unreadable]:
    return list(documents_of(io.BytesIO(content), name, allowance))


def _texts(found: list[Document | Unreadable]) -> list[str]:
    return [item.text for item in found if isinstance(item, Document)]


def _reasons(found: list[Document | Unreadable]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Unreadable)]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_gives_its_files_one_by_one(name: str) -> None:
    found = _found(PACKED[name], name)
    assert _texts(found) == ["BEIRUT, Aug 3 (Reuters) - One.", "Two.", "Three."]
    assert not _reasons(found)


def test_an_archive_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "reports.zip"
    path.write_bytes(PACKED["reports.zip"])
    assert len([item for item in read_articles([path]) if isinstance(item, Article)]) == 3


@pytest.mark.parametrize("packer", [zip_of, tar_of])
def test_a_bad_file_is_named_with_its_archive_and_stops_no_other(packer: type) -> None:
    found = _found(packer({"a/bad.html": b"<html></html>", "b.jsonl": b'{"text"\n', **REPORTS}), "r.archive")
    assert len(_texts(found)) == 3
    assert [reason.split(" has ")[0].split(" is ")[0] for reason in _reasons(found)] == [
        "r.archive: a/bad.html",
        "r.archive: b.jsonl, line 1",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"One."), ("a.jsonl", b'{"text": "One."}\n'), ("a.html", b"<h1>One.</h1><p>Two.</p>")],
)
def test_what_follows_a_compressed_file_is_left_out_and_told(name: str, content: bytes) -> None:
    read, notice = _found(gzip.compress(content) + b"and more", f"{name}.gz")
    assert isinstance(read, Document)
    assert read.text.startswith("One.")
    assert isinstance(notice, Unreadable)
    assert notice.is_notice
    assert notice.reason.startswith(f"{name}.gz goes on after its compressed end; that is left out.")


def test_of_a_compressed_corpus_that_is_cut_off_the_lines_before_are_read() -> None:
    rows = b"".join(b'{"text": "%s"}\n' % bytes(f"{os.urandom(40).hex()}", "ascii") for _ in range(10_000))
    *read, failed = _found(gzip.compress(rows)[:-200_000], "a.jsonl.gz")
    assert len(_texts(read)) > 1000
    assert isinstance(failed, Unreadable)
    assert "a.jsonl.gz is damaged" in failed.reason


def test_files_that_are_hidden_or_of_other_kinds_are_passed_over() -> None:
    files = {".git/a.txt": b"no", "__MACOSX/a.txt": b"no", "a.jpg": b"no", "b/b.jpg": b"no", "c.txt": b"Yes."}
    found = _found(zip_of(files), "r.zip")
    assert _texts(found) == ["Yes."]
    (notice,) = [item for item in found if isinstance(item, Unreadable)]
    assert notice.is_notice
    assert notice.reason.startswith("r.zip: 2 .jpg file(s) passed over, such as a.jpg.")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_not_followed(kind: bytes) -> None:
    assert _texts(_found(tar_of({"b.txt": b"Yes."}, link("a.txt", "/etc/passwd", kind)), "r.tar")) == ["Yes."]


def test_a_link_in_a_zip_is_not_read() -> None:
    out = io.BytesIO(zip_of({"b.txt": b"Yes."}))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert _texts(_found(out.getvalue(), "r.zip")) == ["Yes."]


def test_names_that_lead_out_of_the_archive_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"../../out.txt": b"One.", "/abs.txt": b"Two.", "a\x1b[31m.txt": b"Three."}
    assert len(_texts(_found(zip_of(files), "r.zip") + _found(tar_of(files), "r.tar"))) == 6
    assert not list(tmp_path.iterdir())


def test_what_is_named_in_a_reason_can_be_printed() -> None:
    (reason,) = _reasons(_found(zip_of({"a\x1b[31m\n.html": b"<p></p>"}), "r.zip"))
    assert reason.isprintable()


def test_an_encrypted_file_is_told() -> None:
    reasons = _reasons(_found(encrypted(zip_of(REPORTS)), "r.zip"))
    assert reasons[0] == "r.zip: a/one.txt is encrypted. Unpack it with its password and give the files."


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_grows_beyond_measure_is_stopped(compression: int) -> None:
    bomb = zip_of({"a.jsonl": b" " * 30_000_000, "b.txt": b"Yes."}, compression)
    found = _found(bomb, "r.zip")
    assert _texts(found) == ["Yes."]
    assert "r.zip: a.jsonl grows more than 200-fold" in _reasons(found)[0]


def test_a_compressed_file_that_grows_beyond_measure_is_stopped() -> None:
    (reason,) = _reasons(_found(gzip.compress(b" " * 30_000_000), "a.jsonl.gz"))
    assert "grows more than 200-fold" in reason


def test_all_that_comes_out_of_an_archive_counts() -> None:
    inner = zip_of({f"{n}.txt": b"A truce." * 20 for n in range(20)})
    found = list(_until_error(zip_of({"inner.zip": inner, "z.txt": b"Too late."}), Allowance(bytes=5_000)))
    assert 0 < len(_texts(found)) < 20
    assert "holds too much" in _reasons(found)[-1]


def test_files_of_an_archive_are_counted() -> None:
    found = list(_until_error(zip_of({f"{n}.txt": b"A truce." for n in range(20)}), Allowance(members=5)))
    assert (len(_texts(found)), _reasons(found)) == (5, ["r.zip holds too many files. Give it in parts."])


def _until_error(content: bytes, allowance: Allowance, name: str = "r.zip") -> list[Document | Unreadable]:
    found = []
    try:
        for item in documents_of(io.BytesIO(content), name, allowance):
            found.append(item)  # noqa: PERF402 - what came before the error counts
    except InputError as error:
        found.append(Unreadable(name, error))
    return found


def test_archives_within_archives_have_an_end() -> None:
    packed = b"One."
    for _ in range(4):
        packed = gzip.compress(packed)
    assert _texts(_found(packed, "a")) == ["One."]
    (reason,) = _reasons(_found(gzip.compress(packed), "a"))
    assert "packed more than 4 times" in reason


def test_a_damaged_end_loses_no_beginning() -> None:
    content = gzip.compress(tar_of({f"{n}.txt": bytes(f"Report {n}.", "ascii") * 99 for n in range(99)}))
    found = _found(content[: len(content) // 2], "r.tar.gz")
    assert _texts(found)
    assert "is damaged" in _reasons(found)[-1]


def test_an_archive_without_articles_says_so() -> None:
    with pytest.raises(InputError, match="holds no articles"):
        _found(zip_of({}), "r.zip")


@given(st.sampled_from(sorted(PACKED)), st.data())
def test_damaged_archives_give_documents_or_reasons(name: str, data: st.DataObject) -> None:
    content = bytearray(PACKED[name])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = _until_error(bytes(content), Allowance(), name)
    assert all(reason.endswith(".") and reason.isprintable() for reason in _reasons(found))
    assert len(_texts(found)) <= 4
