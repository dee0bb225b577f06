"""Cutting a text at its mentions."""

from __future__ import annotations

from geo.model import Article, Mention, Reading, Resolution
from webapp.pages.segments import Segment, paragraphs, shown


def resolution(text: str, start: int) -> Resolution:
    mention = Mention(start, start + len(text), text, "name", (0, 1))
    return Resolution(text, None, 0.0, mention=mention)


def read(text: str, *resolutions: Resolution, boilerplate: tuple[tuple[int, int], ...] = ()) -> Reading:
    return Reading(Article("a", text, boilerplate=boilerplate), resolutions)


def test_empty_text_has_no_paragraphs() -> None:
    assert paragraphs(read(" \n\n")) == []


def test_text_without_mentions_is_one_segment_a_line() -> None:
    assert paragraphs(read("One.\n\n  Two. \r\n")) == [[Segment("One.")], [Segment("  Two.")]]


def test_mentions_are_cut_out() -> None:
    homs, hama = resolution("Homs", 0), resolution("Hama", 9)
    expected = [[Segment("Homs", homs), Segment(" and "), Segment("Hama", hama), Segment(".")]]
    assert paragraphs(read("Homs and Hama.", homs, hama)) == expected


def test_every_character_is_kept_once_where_mentions_overlap_or_cross_lines() -> None:
    text = "Deir\nez-Zor and Homs"
    segments = paragraphs(read(text, resolution("Deir\nez-Zor", 0), resolution("Zor", 8), resolution("Homs", 16)))
    assert ["".join(segment.text for segment in line) for line in segments] == ["Deir", "ez-Zor and Homs"]


def test_bare_resolutions_are_no_segments() -> None:
    assert paragraphs(read("Homs", Resolution("Homs", None, 0.0))) == [[Segment("Homs")]]


def test_boilerplate_is_minor() -> None:
    assert paragraphs(read("Text\nRead also", boilerplate=((5, 14),))) == [
        [Segment("Text")],
        [Segment("Read also", None, True)],
    ]


def test_first_line_that_is_the_title_becomes_the_heading() -> None:
    reading = Reading(Article("a", "Talks end\nIn Homs.", title="Talks end"), (resolution("Homs", 13),))
    page = shown(reading)
    assert page.heading == [Segment("Talks end")]
    assert [segment.text for segment in page.body[0]] == ["In ", "Homs", "."]


def test_text_without_its_title_has_no_heading() -> None:
    assert shown(read("In Homs.")).heading == []
