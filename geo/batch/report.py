"""What became of an ingest run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.workspace.results import Stored

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
class Done:
    """What became of a batch that was read: how many articles of it were new, read anew or there already.

    ``near`` is how many of the new ones are near duplicates.
    """

    new: int = 0
    replaced: int = 0
    duplicate: int = 0
    failures: tuple[Failure, ...] = ()
    near: int = 0

    @classmethod
    def of(cls, stored: Sequence[Stored], failures: tuple[Failure, ...] = ()) -> Done:
        """Count what became of readings."""
        outcomes = [item.outcome for item in stored]
        near = sum(item.near for item in stored)
        return cls(outcomes.count("new"), outcomes.count("replaced"), outcomes.count("duplicate"), failures, near)


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
    near
        How many of the new articles carry a report that another one carries: near duplicates.
    notices
        The first `KEPT_FAILURES` notices of what is no failure: files of kinds that are not read, and dates that cannot
        be understood.
    interrupted
        Whether it was stopped before the end; what was stored by then stays.
    """

    new: int = 0
    replaced: int = 0
    duplicate: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    near: int = 0
    notices: tuple[str, ...] = ()
    interrupted: bool = False

    def plus(self, done: Done) -> IngestReport:
        """Return the report with one more batch."""
        return replace(
            self,
            new=self.new + done.new,
            replaced=self.replaced + done.replaced,
            duplicate=self.duplicate + done.duplicate,
            failed=self.failed + len(done.failures),
            failures=(*self.failures, *done.failures)[:KEPT_FAILURES],
            near=self.near + done.near,
        )

    @property
    def read(self) -> int:
        """Articles that were found and could be read."""
        return self.new + self.replaced + self.duplicate

    def summary(self) -> str:
        """Return one line for people."""
        near = f" ({self.near} of them near duplicates)" if self.near else ""
        parts = [f"{self.new} new{near}", f"{self.duplicate} there already", f"{self.failed} failed"]
        if self.replaced:
            parts.insert(1, f"{self.replaced} read anew")
        end = " Interrupted: run the same command again to go on." if self.interrupted else ""
        return f"{self.read} article{'' if self.read == 1 else 's'} read: {', '.join(parts)}.{end}"


Progress = Callable[[IngestReport], object]
"""Called with the report so far."""

Refusal = Callable[[Failure], object]
"""Called with each failure as it is met."""
