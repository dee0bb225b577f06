"""Places that no gazetteer has: given the area of the place they are said to be in, as uncertain as that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from geo.gazetteer.names import normalise
from geo.model import Evidence, FeatureKind, Place, Resolution
from geo.resolution.calibration import LEAST_CONFIDENCE, Calibration
from geo.resolution.surroundings import asked_kinds

_RADIUS_KM: dict[FeatureKind, float] = {
    "city": 15, "facility": 10, "region": 60, "admin2": 40, "admin1": 120, "country": 400, "continent": 2500,
    "water": 100, "road": 30, "line": 100,
}  # fmt: skip
"""How far something inside a place of that kind may be from the place's point, where the gazetteer does not say."""

_FEATURES: dict[str, FeatureKind] = {
    "water": "water", "road": "road", "facility": "facility", "land": "region", "region": "region", "city": "city",
    "admin1": "admin1", "admin2": "admin2",
}  # fmt: skip

_DOUBT = 0.05
"""Keeps the distance of an anchor finite that nothing speaks for."""
_FINE = {"city", "admin2", "region", "facility"}


def derived_resolutions(found: Sequence[Resolution], calibration: Calibration) -> tuple[Resolution, ...]:
    """Return the resolutions with those that had no candidates put where the nearest resolved mention is."""
    return tuple(r if r.place or r.alternatives else _derived(r, _anchor(r, found), calibration) for r in found)


def _anchor(wanted: Resolution, found: Sequence[Resolution]) -> Resolution | None:
    """Return the resolution that a place without a gazetteer entry is put at: the nearest in the text.

    Those finer than a province come first. What is named often counts as nearer, and what is unsure as farther.
    """
    assert wanted.mention is not None, "only mentions are resolved here"
    at = wanted.mention.start
    placed = [r for r in found if r.place is not None and r.mention is not None and r.mention.kind != "demonym"]
    fine = [r for r in placed if r.place is not None and r.place.feature in _FINE]
    times = Counter(r.place.id for r in placed if r.place is not None)

    def distance(r: Resolution) -> float:
        assert r.place is not None, "chosen so above"
        assert r.mention is not None, "chosen so above"
        return abs(r.mention.start - at) / sqrt(1 + times[r.place.id]) / (r.confidence + _DOUBT)

    return min(fine or placed, key=distance, default=None)


def _derived(wanted: Resolution, anchor: Resolution | None, calibration: Calibration) -> Resolution:
    if anchor is None or anchor.place is None or wanted.mention is None:
        return wanted
    near = anchor.place
    feature = _feature_of(wanted.query)
    place = Place(
        id=f"dateline:derived:{near.id.replace(':', '-')}:{normalise(wanted.query).replace(' ', '-')}",
        name=wanted.query,
        feature=feature,
        country=near.country,
        admin1=near.admin1,
        admin2=near.admin2,
        lat=near.lat,
        lon=near.lon,
        uncertainty_km=max(near.uncertainty_km, _RADIUS_KM[near.feature]),
        source=f"derived from {near.name}",
    )
    confidence = calibration.confidence(wanted.mention.probability, anchor.confidence, derived=True)
    if confidence < LEAST_CONFIDENCE:
        return replace(wanted, confidence=confidence)
    evidence = (Evidence("near the place named beside it", 1.0, 1.0),)
    return Resolution(wanted.query, place, confidence, evidence, (), wanted.mention)


def _feature_of(name: str) -> FeatureKind:
    """Return the kind of thing a name's own type word says; a facility where it has none."""
    words = name.lower().replace(".", "").split()
    for word in [*words[::-1][:1], *words[:1]]:
        if kind := asked_kinds().get(word):
            return _FEATURES.get(kind, "facility")
    return "facility"
