from __future__ import annotations

import io
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.articles.compose import article_of
from geo.articles.dates import find_date
from geo.articles.document import Document, Unreadable
from geo.articles.formats import FORMATS, documents_of
from geo.articles.pages import plain_text
from geo.articles.tables import document_of
from geo.errors import InputError

# Pieces that headers are made of, in any order, beside any text at all.
PIECES = st.sampled_from(
    [
        " date 2017-08-03 ",
        "3 August 2017, 10:32",
        "BEIRUT (Reuters) - ",
        "ASTANA. KAZINFORM ",
        "Source: TASS, 3 August 2017",
        "---\n",
        "title: Truce",
        "By Jane Doe",
        "Truce holds in Homs",
        "The truce holds, he said.",
        "#Homs #Syria",
        "Read also",
        "Похожие новости",
        "دمشق-سانا ",
        "\n",
        "\r\n\r\n",
        "\u2028",
        " — AFP",
        "İ",
    ]
)
# The same examples at every run, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
TEXTS = st.lists(PIECES | st.text(max_size=30), max_size=12).map("".join)


@SETTINGS
@given(TEXTS)
def test_any_text_is_an_article_with_spans_in_order(text: str) -> None:
    article = article_of(Document(text))
    spans = [(0, 0), *article.boilerplate, (len(text), len(text))]
    assert all(start <= end for start, end in article.boilerplate)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@SETTINGS
@given(TEXTS)
def test_a_dateline_is_a_name_on_one_line(text: str) -> None:
    article = article_of(Document(text))
    if article.dateline:
        name = text[slice(*article.dateline)]
        assert name.strip() == name != ""
        assert len(name.splitlines()) == 1


@SETTINGS
@given(TEXTS)
def test_the_text_is_never_changed(text: str) -> None:
    assert article_of(Document(text)).text == text
    assert article_of(Document(text)) == article_of(Document(text))


@SETTINGS
@given(st.binary(max_size=300), st.sampled_from([*FORMATS, ".zip", ".tar", ".gz", ".bz2", ".xz", ""]))
def test_any_bytes_give_documents_or_a_reason(content: bytes, suffix: str) -> None:
    reasons = []
    try:
        for item in documents_of(io.BytesIO(content), f"file{suffix}"):
            reasons += [item.reason] if isinstance(item, Unreadable) else []
    except InputError as error:
        reasons.append(str(error))
    assert all(reason.endswith(".") and len(reason) < 1000 for reason in reasons)


@SETTINGS
@given(st.text(alphabet=st.sampled_from("Homs \x00\x0b\x1b\x1f\ufffe<p>&;"), max_size=40))
def test_any_markup_has_plain_text(markup: str) -> None:
    assert "<p>" not in plain_text(markup)


@SETTINGS
@given(st.text(max_size=80))
def test_any_text_may_be_searched_for_a_date(text: str) -> None:
    found = find_date(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


@SETTINGS
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_any_json_is_a_document_or_unreadable(value: object) -> None:
    assert document_of(value, "line 1") is not None
    assert document_of({"text": value, "id": value, "date": value}, "line 1") is not None
