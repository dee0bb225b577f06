"""The recogniser's learnt weights, and how an article laid out in features gets its scores from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.recognition.features import Sheet
from geo.recognition.lexicon import ROLES, Lexicon
from geo.recognition.semicrf import Floats
from geo.settings import data_dir

INNER = ROLES.index("inner")


@dataclass(frozen=True, slots=True)
class PassWeights:
    """Weights of one pass.

    Attributes
    ----------
    words
        A row a word feature, a column a role.
    categories, flags, document
        Of `Sheet.categories`, of `Sheet.flags`, and of what the second pass knows of the whole article.
    """

    words: NDArray[np.float32]
    categories: NDArray[np.float32]
    flags: NDArray[np.float32]
    document: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """All that the recogniser learnt: its word features by name, and the weights of its passes."""

    features: tuple[str, ...]
    passes: tuple[PassWeights, ...]

    def table(self) -> NDArray[np.float32]:
        """Return the weights of word features with the roles of all passes side by side."""
        return np.concatenate([p.words for p in self.passes], axis=1)


@cache
def weights_path() -> Path:
    """Return the file that training writes and reading loads."""
    return data_dir() / "models" / "recognition.npz"


def save_weights(weights: Weights, path: Path) -> None:
    """Write weights, rounded to half precision, the same bytes for the same weights."""
    arrays = {"features": np.frombuffer("\n".join(weights.features).encode(), np.uint8)}
    for number, one in enumerate(weights.passes):
        for name in ("words", "categories", "flags", "document"):
            arrays[f"{name}{number}"] = getattr(one, name).astype(np.float16)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)  # NumPy dates every member 1980: reproducible


@cache
def load_weights(path: Path) -> Weights:
    """Read what `save_weights` wrote."""
    with np.load(path) as stored:
        features = tuple(stored["features"].tobytes().decode().split("\n"))
        count = sum(name.startswith("words") for name in stored.files)
        passes = tuple(
            PassWeights(
                *(stored[f"{name}{n}"].astype(np.float32) for name in ("words", "categories", "flags", "document"))
            )
            for n in range(count)
        )
    return Weights(features, passes)


def base_scores(sheet: Sheet, lexicon: Lexicon, weights: Weights, number: int) -> Floats:
    """Return the score of each span by its words, its name and its surroundings, in one pass."""
    words = lexicon.scores[:, number * len(ROLES) : (number + 1) * len(ROLES)]
    scores = np.zeros(len(sheet.spans.start))
    for column in range(INNER):
        scores += words[sheet.roles[:, column], column]
    owner, token = sheet.spans.tokens()
    scores += np.bincount(owner, words[sheet.strip.types[token], INNER], len(scores))
    own = weights.passes[number]
    scores += own.categories[sheet.categories].sum(axis=1) + (sheet.flags * own.flags).sum(axis=1)
    return scores
