from __future__ import annotations

from itertools import pairwise

import pytest

from geo.articles.boilerplate import boilerplate_in
from geo.articles.reader import read_article

BODY = "The truce holds in Homs.\n\nFarmers went out to their fields.\n\nNobody was hurt.\n\n"


def _boilerplate(text: str) -> list[str]:
    return [text[slice(*span)] for span in boilerplate_in(text, 0)]


@pytest.mark.parametrize(
    "tail",
    [
        "Читайте также\n\nПохожие новости",
        "#Homs #Syria",
        "#Homs\n\nЧитайте также",
        "Read also\n\nFloods in Texas\n\nFire in Ohio",
        "Related news:\nFloods in Texas",
        "اقرأ أيضا\n\nFloods in Texas",
    ],
)
def test_what_follows_the_report_is_boilerplate(tail: str) -> None:
    assert _boilerplate(BODY + tail) == [tail]


def test_furniture_within_the_report_is_boilerplate() -> None:
    assert _boilerplate("The truce holds.\n\nAdvertisement\n\nNobody was hurt, and the fields are green.") == [
        "Advertisement"
    ]


def test_links_that_open_the_page_do_not_hide_the_report() -> None:
    assert _boilerplate("Related News\n\n" + BODY) == ["Related News"]


def test_a_foreign_quotation_in_the_middle_stays() -> None:
    assert _boilerplate("The truce holds.\n\n«Мы ждали этого».\n\nHe gave no name.") == []


def test_a_russian_report_with_an_english_tail() -> None:
    text = "Перемирие соблюдается.\n\nЖители вышли в поля.\n\nRead more in English"
    assert _boilerplate(text) == ["Read more in English"]


@pytest.mark.parametrize("text", ["", "\n\n", "The truce holds.", BODY])
def test_a_plain_report_has_none(text: str) -> None:
    assert _boilerplate(text) == []


def test_spans_are_in_order_and_apart() -> None:
    spans = read_article(
        "Talks go on\nDate: 3 August 2017\nBy Jane Doe\n\n" + BODY + "Advertisement\n\n#Homs"
    ).boilerplate
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert len(spans) == 3
