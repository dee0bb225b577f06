"""Worker processes that may die: what they were doing is done again, and only what kills them is given up.

The standard library's pools end for good when one of their processes dies, and leave the others running when their own
process is killed. Here each worker hangs on one pipe: it ends when the pipe does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from geo.batch.garbage import seldom_collected
from geo.errors import DatelineError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_MEGABYTES = 350.0
"""Memory of its own that a worker may come to hold before a fresh one takes its place; files that it maps, as all
workers do, do not count."""

_WEIGHT = 4_000_000
"""Bytes a worker that are on their way at a time; what is heavier is alone."""

_READY = "ready"

_FAREWELL = 5.0
"""Seconds that a worker has to end by itself when all is done."""


class _Died(Exception):  # noqa: N818 - what happened, not an error of ours
    """A worker ended before it answered."""


class _TookTooLong(_Died):
    """A worker was ended, for it did not answer in time; it would not the next time."""


def _weightless(_item: object) -> int:
    return 0


@dataclass(frozen=True)
class Work(Generic[_Item, _Result]):
    """Something that workers do.

    Attributes
    ----------
    function
        Of a batch, one result an item; it is sent to processes that import its module anew.
    lost
        The result of an item that a worker dies of, given how it died.
    seconds
        How long a batch may take before its worker counts as dead.
    ahead
        Batches a worker that are on their way at a time: enough to keep it busy while results are stored, and no more.
    weight
        How large an item is, in bytes or characters: of large ones fewer are on their way at a time.
    """

    function: Callable[[Sequence[_Item]], list[_Result]]
    lost: Callable[[_Item, str], _Result]
    seconds: float = 600.0
    ahead: int = 3
    weight: Callable[[_Item], int] = _weightless


class Workers:
    """Processes that work on batches, of one kind or several; they start with the first one."""

    def __init__(self, number: int, megabytes: float = _MEGABYTES) -> None:
        self.number, self._megabytes = number, megabytes
        self._threads = ThreadPoolExecutor(number, "worker")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._all: list[_Process] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._all):
            process.end()
        self._threads.shutdown()

    def map(self, work: Work[_Item, _Result], batches: Iterable[list[_Item]]) -> Iterator[list[_Result]]:
        """Yield what work makes of each batch, in the order of the batches; few are taken ahead of the results.

        A batch whose worker dies is given to a fresh one; if that dies too, its items are given one by one, and those
        that are still deadly become what ``lost`` says. What takes too long is not tried again as it was.

        Raises
        ------
        DatelineError
            Workers cannot start.
        """
        waiting: deque[tuple[Future[list[_Result]], int]] = deque()
        most = work.ahead * self.number
        for batch in batches:
            weight = sum(map(work.weight, batch))
            while waiting and sum(other for _, other in waiting) + weight > _WEIGHT * self.number:
                yield waiting.popleft()[0].result()
            waiting.append((self._threads.submit(self._do, work, batch), weight))
            if len(waiting) > most:
                yield waiting.popleft()[0].result()
        while waiting:
            yield waiting.popleft()[0].result()

    def _do(self, work: Work[_Item, _Result], batch: list[_Item]) -> list[_Result]:
        reason = ""
        for _ in range(2):
            try:
                return self._ask(work, batch)
            except _Died as died:
                reason = str(died)
                if isinstance(died, _TookTooLong):
                    break
        if len(batch) == 1:
            return [work.lost(batch[0], reason)]
        return [result for item in batch for result in self._do_one(work, item)]

    def _do_one(self, work: Work[_Item, _Result], item: _Item) -> list[_Result]:
        try:
            return self._ask(work, [item])
        except _Died as died:
            return [work.lost(item, str(died))]

    def _ask(self, work: Work[_Item, _Result], batch: list[_Item]) -> list[_Result]:
        """Let this thread's process do a batch."""
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            process = self._own.process = self._started()
            process.expect_ready()
        try:
            results: list[_Result] = process.ask(work, batch)
        except _Died:
            self._forget(process)
            raise
        if process.is_large:
            self._forget(process)
            process.end()
        return results

    def _forget(self, process: _Process) -> None:
        self._all.remove(process)
        self._own.process = None

    def _started(self) -> _Process:
        with self._lock:
            if self._closed:
                raise _Died
            process = _Process(self._megabytes)
            self._all.append(process)
            return process


class _Process:
    """One worker process, and our end of its pipe."""

    def __init__(self, megabytes: float) -> None:
        self.is_large = False
        self._is_busy = True  # starting
        # Spawned, not forked: the workspace's connections must not be shared.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, megabytes), daemon=True)
        self._process.start()
        theirs.close()

    def expect_ready(self) -> None:
        try:
            self._pipe.recv()
            self._is_busy = False
        except (EOFError, OSError) as error:
            remedy = "Run the same command again, with fewer workers or more memory."
            raise DatelineError(f"A worker could not start: {self._how_it_ended()}.", remedy) from error

    def ask(self, work: Work[Any, Any], batch: Sequence[Any]) -> list[Any]:
        self._is_busy = True
        try:
            self._pipe.send((work.function, batch))
            if self._pipe.poll(work.seconds):
                answer: list[Any]
                answer, self.is_large = self._pipe.recv()
                self._is_busy = False
                return answer
        except (EOFError, OSError) as error:
            raise _Died(self._how_it_ended()) from error
        self.end()
        raise _TookTooLong(f"it was not done after {work.seconds:.0f} seconds")

    def _how_it_ended(self) -> str:
        self._process.join(5)
        code = self._process.exitcode
        if code is None or code >= 0:
            return f"its process ended with code {code}"
        return f"its process was ended by signal {-code} ({signal.strsignal(-code)}), perhaps for want of memory"

    def end(self) -> None:
        """End it: what is idle waits for more, and may end by itself; work is not waited for."""
        if not self._is_busy:
            self._pipe.close()
            self._process.join(_FAREWELL)
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, megabytes: float) -> None:
    """Do batches until the other end of the pipe is gone: closed, or its process killed."""
    # Ctrl-C reaches every process of the terminal; the first one alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError), seldom_collected():
        pipe.send(_READY)
        while True:
            function, batch = pipe.recv()
            pipe.send((function(batch), _held_megabytes() > megabytes))


def _held_megabytes() -> float:
    """Return the memory that is this process's own; where only that is told, the most it has held; 0 where nothing is.

    Linux counts what the process that started it had held into the most, so that is not asked there.
    """
    with suppress(OSError, AttributeError):
        resident, shared = Path("/proc/self/statm").read_text().split()[1:3]
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / 1e6
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
