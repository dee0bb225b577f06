"""Placing labels: the most important first, each where it hides least, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels; y runs down."""

# Around a point, best first: right, left, then the corners, then above and below (after Imhof 1975 and Christensen,
# Marks & Shieber 1995, with plain right before upper right, as names are short and points are discs).
_AROUND = ((1.0, 0.0), (-1.0, 0.0), (1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0), (0.0, -1.0), (0.0, 1.0))
_WORSE_STEP = 0.15
_SYMBOL_COST = 1.0
_STEP = 8.0
"""Pixels between the boxes that stand for a leader."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a label may stand.

    Attributes
    ----------
    x, y
        Middle of the label.
    cost
        How much worse than the best spot it is.
    leader
        Where a line to the feature ends, None for none.
    """

    x: float
    y: float
    cost: float = 0.0
    leader: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants a place.

    Attributes
    ----------
    width, height
        In pixels.
    spots
        Where it may stand, best first.
    room
        Pixels that it keeps from labels placed before it.
    limit
        It goes without a place rather than take one that costs as much; a covered symbol costs 1.
    """

    width: float
    height: float
    spots: tuple[Spot, ...]
    room: float = 0.0
    limit: float = 4.0

    def box(self, spot: Spot, room: float = 0.0) -> Box:
        """Return what the label covers at a spot, with some room around."""
        across, down = self.width / 2 + room, self.height / 2 + room
        return spot.x - across, spot.y - down, spot.x + across, spot.y + down


def place(wishes: Iterable[Wish], panel: Box, symbols: Sequence[Box], taken: Sequence[Box]) -> list[Spot | None]:
    """Return a spot for each wish, in the order given; None where it fits nowhere.

    A label never leaves the panel and never covers another one or what is ``taken``. It may cover ``symbols``, at a
    cost: of its spots the cheapest is chosen.
    """
    covered = list(taken)
    found: list[Spot | None] = []
    for wish in wishes:
        spot = _cheapest(wish, panel, symbols, covered)
        found.append(spot)
        if spot is not None:
            covered += [wish.box(spot), *_leader_boxes(spot)]
    return found


def _cheapest(wish: Wish, panel: Box, symbols: Sequence[Box], covered: Sequence[Box]) -> Spot | None:
    free = [
        (spot.cost + _SYMBOL_COST * _count(symbols, wish.box(spot)), number, spot)
        for number, spot in enumerate(wish.spots)
        if within(wish.box(spot), panel) and not _count(covered, wish.box(spot, wish.room))
    ]
    cost, _, spot = min(free, default=(wish.limit, 0, None), key=lambda item: item[:2])
    return spot if cost < wish.limit else None


def _leader_boxes(spot: Spot) -> list[Box]:
    """Return small boxes along a leader, so that no label is written over it."""
    if spot.leader is None:
        return []
    across, down = spot.leader[0] - spot.x, spot.leader[1] - spot.y
    steps = int(max(abs(across), abs(down)) / _STEP) + 1
    points = [(spot.x + across * n / steps, spot.y + down * n / steps) for n in range(steps + 1)]
    return [(x - _STEP / 2, y - _STEP / 2, x + _STEP / 2, y + _STEP / 2) for x, y in points]


def _count(boxes: Sequence[Box], box: Box) -> int:
    return sum(overlap(other, box) for other in boxes)


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def within(box: Box, panel: Box) -> bool:
    """Return whether a box lies wholly in a panel."""
    return panel[0] <= box[0] and panel[1] <= box[1] and box[2] <= panel[2] and box[3] <= panel[3]


def around(x: float, y: float, gap: float, size: tuple[float, float]) -> tuple[Spot, ...]:
    """Return the spots beside a point whose symbol reaches ``gap`` pixels, for a label of that width and height."""
    width, height = size
    spots = []
    for number, (right, down) in enumerate(_AROUND):
        # In a corner the label may come nearer: the disc does not reach there.
        near = gap * (0.75 if right and down else 1.0)
        across = right * (near + width / 2)
        below = down * (near * (0.6 if right else 1.0) + height / 2)
        spots.append(Spot(x + across, y + below, number * _WORSE_STEP))
    return tuple(spots)


def beside(box: Box, gap: float, size: tuple[float, float], target: tuple[float, float]) -> Iterator[Spot]:
    """Yield spots outside a box, near first, joined to ``target`` by a leader."""
    width, height = size
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for ring in range(1, 5):
        away = gap * ring
        for right, down in _AROUND:
            across = right * ((box[2] - box[0] + width) / 2 + away)
            below = down * ((box[3] - box[1] + height) / 2 + away)
            yield Spot(x + across, y + below, 0.5 + 0.4 * ring, target)
