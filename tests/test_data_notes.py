"""The notes beside the data: what each file is, where it is from, under which licence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.settings import data_dir

NOTES = sorted(data_dir().glob("*/README.md"))
OWN_NOTES = {"zones"}
"""Folders of a folder that have notes of their own."""


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.parent.name)
def test_every_data_file_is_told_of_in_the_notes_of_its_folder(note: Path) -> None:
    text = note.read_text("utf-8")
    known = {"README.md", "licences", *OWN_NOTES}
    files = [file.name for file in note.parent.iterdir() if file.name not in known]
    assert [name for name in files if f"`{name}`" not in text and f"`{name.split('.')[0]}`" not in text] == []


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.parent.name)
def test_the_texts_of_licences_are_beside_what_names_them(note: Path) -> None:
    named = set(re.findall(r"licences/([\w.-]+)", note.read_text("utf-8")))
    kept = {file.name for file in note.parent.glob("licences/*")}
    assert named == kept
