"""What became of an ingest run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEPT_FAILURES = 100
"""Failures that a report keeps with their reasons: of a million articles it must not keep a million."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article, or a source, that could not be read, and why."""

    source: str
    reason: str

    def __str__(self) -> str:
        return self.reason if self.source in self.reason else f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the sources.

    Attributes
    ----------
    new
        Articles that were not in the workspace.
    replaced
        Articles that another version had read.
    duplicate
        Articles whose text was there already.
    failed
        How many could not be read.
    failures
        The first `KEPT_FAILURES` of them, in the order they were met.
    passed_over
        Notices of files of kinds that are not read; they are no failures.
    interrupted
        Whether it was stopped before the end; what was stored by then stays.
    """

    new: int = 0
    replaced: int = 0
    duplicate: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    passed_over: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def read(self) -> int:
        """Articles that were found and could be read."""
        return self.new + self.replaced + self.duplicate

    def summary(self) -> str:
        """Return one line for people."""
        parts = [f"{self.new} new", f"{self.duplicate} there already", f"{self.failed} failed"]
        if self.replaced:
            parts.insert(1, f"{self.replaced} read anew")
        end = " Interrupted: run the same command again to go on." if self.interrupted else ""
        return f"{self.read} articles read: {', '.join(parts)}.{end}"


Progress = Callable[[IngestReport], object]
"""Called with the report so far."""

Refusal = Callable[[Failure], object]
"""Called with each failure as it is met."""
