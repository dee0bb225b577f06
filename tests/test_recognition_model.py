"""The recogniser's model: candidate spans, their probabilities, and what training may keep."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from geo.gazetteer.index import Index, open_index
from geo.recognition import training
from geo.recognition.features import lay_out
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.segments import Spans
from geo.recognition.semicrf import choose, lattice_of, marginals
from geo.recognition.tokens import tokenise
from geo.recognition.weights import load_weights, save_weights, weights_path
from geo.settings import load_settings

TEXTS = ("He went from Damascus to Homs.", "Aleppo lies north of Homs.", "Mr. Smith left Damascus for Aleppo.")
PLACES = {"Damascus", "Homs", "Aleppo"}


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.fixture(scope="module")
def lexicon(index: Index) -> Lexicon:
    return Lexicon(index, {}, np.zeros((0, 2 * len(ROLES)), np.float32))


def spans_of(text: str, lexicon: Lexicon) -> list[str]:
    sheet = lay_out([tokenise(text)], lexicon)
    starts, ends = (bounds - sheet.strip.opening[0] for bounds in (sheet.spans.start, sheet.spans.end))
    tokens = sheet.strip.texts[0]
    return [text[tokens.starts[a] : tokens.ends[b - 1]] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the town of Homs fell", {"Homs"}),
        ("in Deir ez-Zor today", {"Deir ez-Zor", "Zor"}),
        ("near al-Tanf", {"al-Tanf", "Tanf"}),
        ("Gulf of Aden", {"Gulf of Aden", "Aden"}),
        ("St. Peter's Church", {"St. Peter's Church"}),
    ],
)
def test_candidate_spans(text: str, expected: set[str], lexicon: Lexicon) -> None:
    assert expected <= set(spans_of(text, lexicon))


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("He left Homs. Hama is near", "Homs. Hama"),
        ("Homs in the Hama area", "Homs in"),
        ("Homs was near Hama", "Homs was near Hama"),
        ("Homs of the of the Hama", "Homs of the of the Hama"),
        ("Hama 5", "5"),
    ],
)
def test_no_candidate_spans(text: str, unwanted: str, lexicon: Lexicon) -> None:
    assert unwanted not in spans_of(text, lexicon)


def test_no_capitals_no_spans(lexicon: Lexicon) -> None:
    assert spans_of("nothing here", lexicon) == []


def test_articles_laid_out_together_stay_apart(lexicon: Lexicon) -> None:
    apart = [lay_out([tokenise(text)], lexicon) for text in TEXTS]
    together = lay_out([tokenise(text) for text in TEXTS], lexicon)
    assert together.articles.tolist() == [n for n, sheet in enumerate(apart) for _ in sheet.articles]
    assert np.array_equal(together.categories, np.concatenate([sheet.categories for sheet in apart]))
    assert np.array_equal(together.roles, np.concatenate([sheet.roles for sheet in apart]))


def some_spans() -> Spans:
    pairs = [(3, 4), (3, 5), (4, 5), (4, 6), (5, 6), (9, 10)]
    start, end = np.array(pairs, np.int32).T
    return Spans(start, end, np.array([0, 0, 0, 0, 0, 1], np.int32), np.array([(3, 6), (9, 10)], np.int32))


def test_marginals_are_those_of_all_segmentations() -> None:
    spans, scores = some_spans(), np.array([0.3, -1.0, 2.0, 0.5, -0.7, 1.5])
    weights = np.zeros(6)
    total = 0.0
    for size in range(6):
        for chosen in combinations(range(5), size):
            tokens = [t for i in chosen for t in range(spans.start[i], spans.end[i])]
            if len(tokens) == len(set(tokens)):
                weight = np.exp(scores[list(chosen)].sum())
                total += weight
                weights[list(chosen)] += weight
    actual, partition = marginals(lattice_of(spans), scores)
    assert actual[:5] == pytest.approx(weights[:5] / total)
    assert partition[0] == pytest.approx(np.log(total))


def test_chosen_spans_do_not_overlap() -> None:
    assert choose(some_spans(), np.array([0.4, 0.5, 0.6, 0.1, 0.2, 0.9]), 0.3).tolist() == [0, 2, 5]


def test_training_learns_and_forgets_rare_words(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "ROUNDS", 15)
    sheets = [lay_out([tokenise(text)], lexicon) for text in TEXTS]
    gold = [
        training.gold_spans(s, {(text.index(p), text.index(p) + len(p)) for p in PLACES if p in text})
        for s, text in zip(sheets, TEXTS, strict=True)
    ]
    weights, held_out = training.train(sheets, lexicon, gold, folds=3)
    assert [len(h) for h in held_out] == [len(s.spans.start) for s in sheets]
    assert "w=smith" not in weights.features
    assert "shape=Xx" in weights.features


def test_weights_survive_the_file(tmp_path: Path) -> None:
    weights = load_weights(weights_path())
    save_weights(weights, tmp_path / "weights.npz")
    again = load_weights(tmp_path / "weights.npz")
    assert again.features == weights.features
    assert np.array_equal(again.passes[1].document, weights.passes[1].document)


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        save_weights(load_weights(weights_path()), tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


@pytest.mark.parametrize("word", ["river", "Damascus", "said", "U.S.", "2017", "al", "KAZINFORM"])
def test_a_word_scores_what_its_features_weigh(word: str, index: Index) -> None:
    weights = load_weights(weights_path())
    rows, table = {name: row for row, name in enumerate(weights.features)}, weights.table()
    lexicon = Lexicon(index, rows, table)
    expected = table[[rows[name] for name in lexicon.feature_names(word) if name in rows]].sum(axis=0)
    assert lexicon.scores[lexicon.ids_of([word])[0]] == pytest.approx(expected, abs=1e-4)


def test_a_text_that_fails_halfway_does_not_spoil_the_next(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = Lexicon(index, {}, np.zeros((0, 4), np.float32))
    with monkeypatch.context() as patched:
        patched.setattr("geo.recognition.lexicon.facts_of", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            lexicon.ids_of(["Homs", "fell"])
    ids = lexicon.ids_of(["Homs", "fell"])
    assert [lexicon.normals[number] for number in ids] == ["homs", "fell"]


def _interrupted(_word: str) -> None:
    raise KeyboardInterrupt
