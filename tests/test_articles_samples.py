from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geo.articles.reader import read_article
from geo.settings import data_dir

SAMPLES = sorted((data_dir() / "articles").glob("*.txt"))
LONGEST_SHARED = 7


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    size = LONGEST_SHARED + 1
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def test_there_are_samples_in_several_languages() -> None:
    languages = [read_article(path).language for path in SAMPLES]
    assert len(languages) >= 8
    assert set(languages) == {"en", "ru", "ar"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_names_its_date_and_original_source(path: Path) -> None:
    article = read_article(path)
    assert article.date is not None
    assert path.name.startswith(article.date.isoformat())
    assert article.source
    assert article.source_role == "retold"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_has_a_headline_that_is_read(path: Path) -> None:
    article = read_article(path)
    assert article.title == article.text.splitlines()[0]
    assert article.boilerplate
    assert all(start > len(article.title) for start, _ in article.boilerplate)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_as_long_as_a_report(path: Path) -> None:
    assert 200 <= len(path.read_text(encoding="utf-8").split()) <= 450


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_readme_lists_every_sample(path: Path) -> None:
    assert f"`{path.name}`" in (path.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_in_our_own_words(path: Path, shared: Path) -> None:
    originals = "\n".join(p.read_text(encoding="utf-8") for p in sorted((shared / "articles").glob("*.txt")))
    assert _sequences(path.read_text(encoding="utf-8")) & _sequences(originals) == set()


@pytest.mark.parametrize(
    ("sample", "original"),
    [
        ("2017-01-20-astana-talks-announced.txt", "000_8b481cedfd2cfc75.txt"),
        ("2017-06-23-kazakh-kyrgyz-military.txt", "004_53005bc26618d816.txt"),
    ],
)
def test_a_seed_s_sample_spells_its_places_alike(sample: str, original: str, shared: Path) -> None:
    gold = json.loads((shared / "facts" / "seed_mentions.json").read_text(encoding="utf-8"))
    names = {mention["text"] for mention in gold["articles"][original]["must"]}
    text = (data_dir() / "articles" / sample).read_text(encoding="utf-8")
    missing = {name for name in names if name not in text and name.capitalize() not in text}
    assert missing == set()
