"""Which texts a run has met, however many they are: kept on disk, in a file that goes with the run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class Seen:
    """A set of content hashes that does not grow in memory."""

    def __init__(self) -> None:
        # An empty name is a temporary file of SQLite's, deleted when closed.
        self._store = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._store.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID")
        self._store.execute("PRAGMA journal_mode = OFF")

    def add(self, hashes: Iterable[str]) -> list[bool]:
        """Add hashes, in hex, and tell of each whether it was new."""
        insert = "INSERT OR IGNORE INTO seen VALUES (?)"
        return [self._store.execute(insert, (bytes.fromhex(key)[:16],)).rowcount > 0 for key in hashes]

    def close(self) -> None:
        """Forget them all."""
        self._store.close()
