"""Why each mention was resolved as it was, kept small: an article's evidence and alternatives in one compressed value.

They are shown one article at a time and never searched. The value is zlib's compression of JSON: ``parts`` are the
different pairs of feature and weight; ``mentions`` has for each resolution, in order, its evidence (part and value in
turn) and its alternatives (place id, confidence, evidence).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.model import Candidate, Evidence, Place, Resolution

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Detail:
    """What is kept of a resolution besides its mention's row; alternatives as place id, confidence and evidence."""

    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[tuple[str, float, tuple[Evidence, ...]], ...] = ()

    def candidates(self, places: Mapping[str, Place]) -> tuple[Candidate, ...]:
        """Return the alternatives with their places."""
        return tuple(Candidate(places[id], sure, evidence) for id, sure, evidence in self.alternatives)


def pack_details(resolutions: Sequence[Resolution]) -> bytes:
    """Return the evidence and alternatives of an article's resolutions, compressed."""
    parts: dict[tuple[str, float], int] = {}
    mentions = [
        [
            _numbered(resolution.evidence, parts),
            [[c.place.id, float(c.confidence), _numbered(c.evidence, parts)] for c in resolution.alternatives],
        ]
        for resolution in resolutions
    ]
    plain = {"parts": [list(part) for part in parts], "mentions": mentions}
    return zlib.compress(_JSON.encode(plain).encode())


def _numbered(evidence: Sequence[Evidence], parts: dict[tuple[str, float], int]) -> list[float]:
    numbered: list[float] = []
    for part in evidence:
        numbered += [parts.setdefault((part.feature, float(part.weight)), len(parts)), float(part.value)]
    return numbered


def unpack_details(packed: bytes) -> list[Detail]:
    """Return what `pack_details` packed, one entry a resolution."""
    plain: dict[str, Any] = json.loads(zlib.decompress(packed))
    parts = [(feature, weight) for feature, weight in plain["parts"]]
    return [
        Detail(
            tuple(_evidence(numbered, parts)),
            tuple((id, sure, tuple(_evidence(why, parts))) for id, sure, why in alternatives),
        )
        for numbered, alternatives in plain["mentions"]
    ]


def _evidence(numbered: Sequence[float], parts: Sequence[tuple[str, float]]) -> Iterator[Evidence]:
    for part, value in zip(numbered[::2], numbered[1::2], strict=True):
        feature, weight = parts[int(part)]
        yield Evidence(feature, value, weight)
