"""Figures, causes and the page of an evaluation, on a corpus of one made-up document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import InputError, InputNotFoundError
from geo.evaluation.corpora import GoldDocument, read_gold
from geo.evaluation.evaluate import evaluate
from geo.evaluation.scoring import Claim, Figures, Report, Scored
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Mention, Place, Reading, Resolution
from geo.settings import load_settings

TEXT = "Talks <b>in</b> Damascus, Paris, Xyzzyq and Homs Street with Smith; Rome."
FIGURES = Figures(0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, None, None)
POINTS = {
    "Damascus": (33.51, 36.29),
    "Paris": (33.66, -95.55),
    "Xyzzyq": (10.0, 10.0),
    "Homs Street": (34.7, 36.7),
    "Rome": (41.9, 12.5),
}


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    toponyms = [
        {"start": TEXT.index(n), "end": TEXT.index(n) + len(n), "text": n, "lat": lat, "lon": lon}
        for n, (lat, lon) in POINTS.items()
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "1", "text": TEXT, "toponyms": toponyms}) + "\n\n", encoding="utf-8")
    return path


def found(name: str, lat: float, lon: float, confidence: float = 0.9) -> Resolution:
    start = TEXT.index(name)
    mention = Mention(start, start + len(name), name, "name", (0, len(TEXT)))
    return Resolution(name, Place("x:1", name, "city", None, None, lat, lon), confidence, mention=mention)


@pytest.fixture
def reading() -> Reading:
    resolutions = (
        found("Damascus", 33.5, 36.3), found("Paris", 48.85, 2.35), found("Xyzzyq", 48.85, 2.35),
        found("Homs", 34.7, 36.7), found("Smith", 1.0, 1.0, 0.2),
    )  # fmt: skip
    return Reading(Article("1", TEXT), resolutions)


def test_causes(gold: Path, reading: Reading, index: Index) -> None:
    causes = evaluate(gold, [reading], index).causes
    assert {cause: n for cause, n in causes.items() if n} == {
        "found and placed": 1, "not found": 1, "wrong span": 1, "spurious": 1, "not in gazetteer": 1, "wrong sense": 1,
    }  # fmt: skip


def test_figures(gold: Path, reading: Reading, index: Index) -> None:
    figures = evaluate(gold, [reading], index).figures
    assert (figures.gold, figures.predicted) == (5, 5)
    assert (figures.precision, figures.recall, figures.f1) == (0.6, 0.6, 0.6)
    assert (figures.accuracy_161, figures.end_to_end_161) == (0.3333, 0.2)


def test_figures_are_those_of_the_common_scorer(
    gold: Path, reading: Reading, index: Index, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(shared / "tools"))
    from score import score  # type: ignore[import-not-found]

    figures = evaluate(gold, [reading], index, predictions=tmp_path / "out.jsonl").figures
    expected = score(gold, tmp_path / "out.jsonl")
    assert {name: getattr(figures, name) for name in expected} == expected


def test_no_readings(gold: Path, index: Index) -> None:
    report = evaluate(gold, [], index)
    assert (report.figures.recall, report.figures.median_km) == (0.0, None)
    assert report.causes["not found"] == 5


def test_calibration_counts_every_claim(gold: Path, reading: Reading, index: Index) -> None:
    report = evaluate(gold, [reading], index)
    assert [(b.count, b.right) for b in report.bins if b.count] == [(1, 0.0), (4, 0.25)]
    assert report.calibration_error == pytest.approx((0.2 + 4 * 0.65) / 5)


def test_the_surest_claims_are_counted_with_and_without_what_is_not_annotated() -> None:
    claims = [Claim(1 - n / 100, n < 8, n < 9) for n in range(10)]  # the last two are wrong, the last not annotated
    document = GoldDocument("a", "", ())
    report = Report(FIGURES, {}, (), (Scored(document, (), 10, tuple(claims)),))
    assert report.right_at_coverage() == pytest.approx(8 / 9)
    assert report.right_at_coverage(annotated=True) == pytest.approx(1.0)
    assert Report(FIGURES, {}, (), ()).right_at_coverage() is None


def test_the_page_escapes_and_marks(gold: Path, reading: Reading, index: Index, tmp_path: Path) -> None:
    evaluate(gold, [reading], index, page=tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;in&lt;/b&gt;" in page
    assert '<mark class="hit"' in page
    assert "wrong sense; Paris" in page


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1, "text": "a", "toponyms": [{"start": 0}]}'])
def test_a_wrong_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f'{{"id": 1, "text": "", "toponyms": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_gold(path)


def test_a_missing_corpus() -> None:
    with pytest.raises(InputNotFoundError):
        read_gold(Path("nowhere.jsonl"))


def test_a_corpus_without_documents_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no annotated document"):
        read_gold(tmp_path / "gold.jsonl")
