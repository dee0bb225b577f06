from __future__ import annotations

import random
from dataclasses import replace

import pytest

from geo.model import Article
from geo.workspace.near import (
    ALIKE,
    BANDS,
    are_alike,
    bands_of,
    may_be_alike,
    resemblance,
    wording_of_text,
)

_WORDS = random.Random(1).choices([f"word{n}" for n in range(3000)], k=400)
REPORT = Article(id="1", text=" ".join(_WORDS))


def _altered(text: str) -> Article:
    return Article(id="2", text=text)


def _resemblance(some: str, other: str) -> float:
    return resemblance(wording_of_text(some, ()).shingles, wording_of_text(other, ()).shingles)


def _shares_a_band(some: Article, other: Article) -> bool:
    return any(a == b for a, b in zip(bands_of(some), bands_of(other), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        f"HOMS, Syria (Example News) - {REPORT.text}",
        f"By Jane Doe, Staff Writer. {REPORT.text} Copyright Example News. All rights reserved.",
        " ".join(_WORDS[:150] + _WORDS[220:]),
        REPORT.text.upper().replace(" ", "\n"),
    ],
    ids=["lead", "byline", "a paragraph less", "case and lines"],
)
def test_a_report_carried_with_changes_is_alike(text: str) -> None:
    assert _resemblance(REPORT.text, text) >= ALIKE
    assert _shares_a_band(REPORT, _altered(text))


def test_another_report_with_the_same_words_is_not_alike() -> None:
    other = _altered(" ".join(random.Random(2).sample(_WORDS, len(_WORDS))))
    assert _resemblance(REPORT.text, other.text) < 0.1
    assert not _shares_a_band(REPORT, other)


@pytest.mark.parametrize("text", ["", "Truce holds", "One two three four five six seven eight nine"])
def test_a_text_too_short_to_tell_has_no_bands(text: str) -> None:
    assert bands_of(_altered(text)) == ()


def test_nothing_resembles_nothing() -> None:
    assert _resemblance("", "") == 0


def test_bands_are_the_same_everywhere_and_fit_a_column() -> None:
    actual = bands_of(REPORT)
    assert len(actual) == BANDS
    assert all(0 <= value < 2**44 for value in actual)
    assert actual[:2] == (13678586509866, 16933313705950)


@pytest.mark.parametrize(("kept", "may"), [(400, True), (320, True), (60, False), (0, False)])
def test_texts_with_little_in_common_are_told_by_their_bands(kept: int, may: bool) -> None:
    other = _altered(" ".join(_WORDS[:kept] + random.Random(4).sample(_WORDS, 400 - kept)))
    assert may_be_alike(bands_of(REPORT), [bands_of(other), bands_of(REPORT)]) == [may, True]


def test_no_texts_are_alike_to_none() -> None:
    assert may_be_alike(bands_of(REPORT), []) == []


def test_boilerplate_is_left_out() -> None:
    aside = "Read also: " + " ".join(reversed(_WORDS))
    other = replace(
        _altered(f"{REPORT.text}\n{aside}"), boilerplate=((len(REPORT.text), len(REPORT.text) + 1 + len(aside)),)
    )
    assert bands_of(other) == bands_of(REPORT)


def test_a_script_without_spaces_counts_by_character() -> None:
    text = "停火于周四中午在霍姆斯省北部生效居民称枪声已经停止联合国派出观察员"
    assert _resemblance(text, "路透社" + text) >= ALIKE


WEATHER = (
    "Weather for Homs: mostly sunny with a high of {} degrees and a low of {} degrees, winds from the west at {} "
    "kilometres an hour, and a chance of rain of {} percent in the evening. Residents should drink enough water during "
    "the afternoon, and avoid the sun between noon and four, the service said. It forecasts no storms for the province "
    "and expects the same weather in the days to come; farmers are told to water their fields at night alone."
)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [((34, 12, 20, 5), True), ((34, 12, 20, 10), True), ((34, 12, 25, 10), False), ((29, 15, 25, 10), False)],
)
def test_reports_of_one_template_with_other_figures_are_not_one(figures: tuple[int, ...], expected: bool) -> None:
    some, other = WEATHER.format(34, 12, 20, 5), WEATHER.format(*figures)
    assert _resemblance(some, other) >= ALIKE
    assert are_alike(wording_of_text(some, ()), wording_of_text(other, ())) is expected


@pytest.mark.parametrize("lead", ["Published 3 August 2017, 12:30. ", "By AFP, 4 hours ago; 1,204 views. "])
def test_a_carriers_own_figures_do_not_matter(lead: str) -> None:
    some, other = f"Updated 5 August 2017, 9:15, read by 77 people. {REPORT} {REPORT}", f"{lead}{REPORT} {REPORT}"
    assert are_alike(wording_of_text(some, ()), wording_of_text(other, ()))
