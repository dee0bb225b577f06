"""Distances as written, and travel times as distances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.footprints.expressions import Distance
from geo.footprints.tokens import Token

# How much of a travel time's distance is open: roads, traffic and speeds differ.
_TRAVEL = 0.5
# Kilometres as the crow flies in an hour where the words do not say how: 65 km by road, which is 1.3 times as long.
_DRIVEN_KM = 50.0


def distance(_: tuple[str, ...], matched: Sequence[Token]) -> Distance:
    """Make a distance of numbers and a unit; of two distances (20 km (12 miles)) keep the first."""
    if matched[0].cls == "DISTANCE":
        first: Distance = matched[0].value
        return first
    unit = float(matched[-1].value)
    numbers: list[list[float]] = [[]]
    for token in matched:
        if token.cls == "NUMBER":
            numbers[-1].append(float(token.value))
        elif token.cls in {"TO", "HYPHEN", "DASH", "AND"} and numbers[-1]:
            numbers.append([])
    counted = [_counted(words) for words in numbers if words] or [1.0]
    low, high = min(counted) * unit, max(counted) * unit
    middle = (low + high) / 2
    return Distance(middle, (high - low) / 2 + middle * _rounding(counted[0]))


def travel(_: tuple[str, ...], matched: Sequence[Token]) -> Distance:
    """Make a distance of a travel time: "two hours", "a 20-minute walk"."""
    numbers = [float(value) for value in values_of(matched, "NUMBER")]
    hours = (_counted(numbers) if numbers else 1.0) * float(values_of(matched, "HOUR")[0])
    speed = next((float(value) for value in values_of(matched, "DRIVE")), _DRIVEN_KM)
    return Distance(hours * speed, hours * speed * _TRAVEL)


def _counted(words: Sequence[float]) -> float:
    """Return the number that number words make: twenty five is 25, two hundred is 200."""
    total = 0.0
    for word in words:
        total = total * word if total and word > total else total + word
    return total


def _rounding(number: float) -> float:
    """Return the share of a distance that its rounding leaves open (the idea of Wieczorek, Guo & Hijmans 2004)."""
    if number % 10 == 0:
        return 0.2
    return 0.15 if number % 5 == 0 or number < 10 else 0.1


def values_of(matched: Sequence[Token], *classes: str) -> list[Any]:
    """Return what the lexicon says that the words of some classes mean, in text order."""
    return [token.value for token in matched if token.cls in classes]
