"""Names and places that belong together, as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Pairs:
    """Names and places that belong together: name ids, rows, kinds."""

    ids: npt.NDArray[Any]
    rows: npt.NDArray[Any]
    kinds: npt.NDArray[Any]

    def take(self, chosen: npt.NDArray[Any]) -> Pairs:
        """Return some of the pairs, or all in another order."""
        return Pairs(self.ids[chosen], self.rows[chosen], self.kinds[chosen])

    def joined(self, other: Pairs) -> Pairs:
        """Return these pairs and those of another."""
        both = zip((self.ids, self.rows, self.kinds), (other.ids, other.rows, other.kinds), strict=True)
        return Pairs(*(np.concatenate(pair) for pair in both))

    def once(self) -> Pairs:
        """Return each name of each place once, with its strongest kind, in the order of names."""
        ordered = self.take(np.lexsort((self.kinds, self.rows, self.ids)))
        first = np.ones(len(ordered.ids), dtype=bool)
        first[1:] = (np.diff(ordered.ids.astype(np.int64)) != 0) | (np.diff(ordered.rows.astype(np.int64)) != 0)
        return ordered.take(np.flatnonzero(first))
