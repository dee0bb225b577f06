"""Reading on a Dask cluster; needs the optional package distributed.

Batches travel with their tasks, so that a task whose worker is lost is done again by another one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from geo.batch.reading import PipelineReader, Reader, version_of_reading
from geo.batch.workers import Work
from geo.errors import DatelineError

if TYPE_CHECKING:
    from distributed import Client, Future

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_AHEAD = 3
"""Batches a thread of the cluster that are on their way at a time."""

_PATIENCE = 60
"""Seconds to wait for a first worker."""

_CONNECTING = 20
"""Seconds to wait for the scheduler, whenever it is asked anything."""


class Cluster:
    """A connection to a cluster's scheduler."""

    def __init__(self, client: Client, address: str) -> None:
        self._client, self._address = client, address

    def check(self, read: Reader) -> None:
        """Make sure that there are workers, and that they read as this process does.

        Raises
        ------
        DatelineError
            There is no worker, or one has another version of Dateline or the gazetteer.
        """
        with self._guarded():
            self._wait_for_a_worker()
            if not isinstance(read, PipelineReader):
                return
            expected = version_of_reading(read.settings)
            found = self._client.run(version_of_reading, read.settings)
        for worker, version in found.items():
            if version != expected:
                message = f"The worker at {worker} reads with {version}, this machine with {expected}."
                raise DatelineError(message, "Install the same Dateline and gazetteer everywhere.")

    def _wait_for_a_worker(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = f"The cluster at {self._address} has no workers."
            raise DatelineError(message, f"Start some with: dask worker {self._address}") from error

    def map(self, work: Work[_Item, _Result], batches: Iterable[list[_Item]]) -> Iterator[list[_Result]]:
        """Yield each batch's results as they are done, in any order; see `geo.batch.workers.Workers.map`.

        A batch whose workers die again and again is done item by item; those that are still deadly become what the
        work's ``lost`` says.

        Raises
        ------
        DatelineError
            The cluster is lost.
        """
        waiting: dict[Future[list[_Result]], list[_Item]] = {}
        suspects: list[_Item] = []
        with self._guarded():
            for batch in batches:
                waiting[self._submitted(work, batch)] = batch
                while len(waiting) >= _AHEAD * self._threads():
                    yield from self._collected(waiting, suspects)
            while waiting:
                yield from self._collected(waiting, suspects)
            # Whatever a dying worker had taken on is blamed: alone on the cluster, an item answers for itself.
            for item in suspects:
                yield self._alone(work, item)

    def _alone(self, work: Work[_Item, _Result], item: _Item) -> list[_Result]:
        from distributed import KilledWorker

        try:
            results: list[_Result] = self._submitted(work, [item]).result()
        except KilledWorker:
            return [work.lost(item, "the processes reading it end, perhaps for want of memory")]
        return results

    def _submitted(self, work: Work[_Item, _Result], batch: list[_Item]) -> Future[list[_Result]]:
        self._require_scheduler()
        return self._client.submit(work.function, batch, pure=False)

    def _require_scheduler(self) -> None:
        # A scheduler that comes back, or a connection, knows nothing of what it was given before.
        if self._client.status != "running":
            raise ConnectionError

    def _threads(self) -> int:
        self._require_scheduler()
        workers = self._client.scheduler_info(n_workers=-1).get("workers", {}).values()
        threads: int = sum(worker["nthreads"] for worker in workers)
        return max(1, threads)

    def _collected(
        self, waiting: dict[Future[list[_Result]], list[_Item]], suspects: list[_Item]
    ) -> Iterator[list[_Result]]:
        """Yield what is done; what workers died of, again and again, joins the suspects."""
        from distributed import KilledWorker, wait

        for future in wait(list(waiting), return_when="FIRST_COMPLETED").done:  # type: ignore[no-untyped-call]
            batch = waiting.pop(future)
            try:
                yield future.result()
            except KilledWorker:
                suspects += batch

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, TimeoutError, CancelledError) as error:
            if isinstance(error, DatelineError):
                raise
            message = f"The cluster at {self._address} was lost: its scheduler does not answer any more."
            remedy = "What was stored stays. Start it again, and run the same command again to go on."
            raise DatelineError(message, remedy) from error


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to the scheduler of a Dask cluster (``tcp://host:8786``).

    Raises
    ------
    DatelineError
        distributed is not installed, or the scheduler cannot be reached.
    """
    try:
        from distributed import Client
    except ImportError as error:
        remedy = "Install it with: pip install 'dateline[dask]'"
        raise DatelineError("A cluster needs the package distributed, which is not installed.", remedy) from error
    with _told_once():
        try:
            client = Client(address, timeout=_CONNECTING)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError) as error:
            remedy = "Check the address, as tcp://host:8786, and that the scheduler runs."
            raise DatelineError(f"The cluster at {address} cannot be reached.", remedy) from error
        try:
            yield Cluster(client, address)
        finally:
            client.close(timeout=5)  # type: ignore[no-untyped-call]


@contextmanager
def _told_once() -> Iterator[None]:
    """Keep the client's own log quiet: it tells a lost connection with a traceback, and we tell it in a plain line."""
    log = logging.getLogger("distributed.client")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
