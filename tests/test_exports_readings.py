"""Readings as records, lines and tables."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace

from shapely.geometry import Polygon, box

from geo.exports.readings import (
    aligned,
    csv_lines,
    footprint_record,
    json_array,
    json_lines,
    printable,
    query_record,
    reading_record,
    table_lines,
)
from geo.model import Article, Candidate, Evidence, Footprint, Mention, Place, Reading, Resolution

TEXT = "HOMS. Guns fell silent in Atlantis and Homs."
ARTICLE = Article("a1", TEXT, "A title", dt.date(2017, 6, 23), dt.time(10, 32), "An agency", "cited", "en", (0, 4))
HOMS = Place("geonames:1", "Homs", "city", "SY", "Homs", 34.73, 36.72, 775_000)
NOWHERE = Mention(26, 34, "Atlantis", "name", (6, 44))
FOUND = Mention(39, 43, "Homs", "name", (6, 44))
READING = Reading(
    ARTICLE,
    (
        Resolution("Atlantis", None, 0.2, mention=NOWHERE),
        Resolution("Homs", HOMS, 0.91234, (Evidence("population", 5.9, 0.4),), (Candidate(HOMS, 0.1),), FOUND),
    ),
)
EMPTY = Reading(Article("a2", "Nothing here."), ())


def test_a_record_has_the_keys_that_programs_rely_on() -> None:
    actual = reading_record(READING)
    assert (actual["id"], actual["date"], actual["time"], actual["dateline"]) == ("a1", "2017-06-23", "10:32", "HOMS")
    assert [mention["text"] for mention in actual["mentions"]] == ["Atlantis", "Homs"]
    assert actual["mentions"][1]["confidence"] == 0.9123
    assert actual["mentions"][1]["evidence"] == [{"feature": "population", "value": 5.9, "weight": 0.4}]
    assert actual["mentions"][1]["alternatives"][0]["id"] == "geonames:1"


def test_an_unresolved_mention_is_kept_without_a_place() -> None:
    assert reading_record(READING)["mentions"][0]["place"] is None


def test_an_article_without_mentions_has_empty_lists() -> None:
    actual = reading_record(EMPTY)
    assert (actual["mentions"], actual["footprints"], actual["date"]) == ([], [], None)


def test_a_footprint_shows_its_best_estimate() -> None:
    whole = box(36, 34, 37, 35)
    footprint = Footprint(0, 4, "the east of Homs", "east_of_part", Polygon(), whole, whole, (HOMS,))
    actual = footprint_record(footprint)
    assert actual["geometry"]["type"] == "Polygon"
    assert actual["places"] == ["geonames:1"]


def test_json_lines_and_array_hold_the_same() -> None:
    lines = [json.loads(line) for line in json_lines([READING, EMPTY])]
    assert json.loads("".join(json_array([READING, EMPTY]))) == lines


def test_csv_has_a_line_a_mention_and_inert_cells() -> None:
    hostile = replace(READING, article=replace(ARTICLE, id="=cmd()"))
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines([hostile])))))
    assert [row["text"] for row in rows] == ["Atlantis", "Homs"]
    assert rows[0]["lon"] == ""
    assert not rows[0]["article"].startswith("=")


def test_the_table_says_what_is_unresolved_and_where_nothing_is_named() -> None:
    actual = "".join(table_lines([READING, EMPTY]))
    assert "2017-06-23 · 10:32 · An agency, by way of the publishing site · HOMS · en" in actual
    assert "unresolved" in actual
    assert "no places" in actual


def test_a_name_without_places_has_no_candidates() -> None:
    assert query_record("Atlantis", []) == {"query": "Atlantis", "candidates": []}


def test_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31m\nb") == "a [31m b"
    assert list(aligned([("a", "b"), ("ccc", "\x07")])) == ["  a    b\n", "  ccc\n"]
