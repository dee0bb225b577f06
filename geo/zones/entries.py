"""YAML with line numbers, read key by key: every complaint names file, line, key and remedy."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.errors import DataFileError


class Entry:
    """One mapping of a data file, with the line it starts on.

    Read the keys that are known, then call `close`, which refuses what is left.
    """

    def __init__(self, values: _Mapping, file: str) -> None:
        self._values = values
        self._read: set[str] = set()
        self.file = file
        self.line = values.line

    def error(self, problem: str, remedy: str, key: str | None = None) -> DataFileError:
        """Return the error to raise about this entry, with the line of a key where one is given."""
        line = self._values.lines.get(key, self.line) if key else self.line
        return DataFileError(f"{self.file}, line {line}: {problem}", remedy)

    def get(self, key: str) -> Any:
        """Return the raw value; None where the key is absent."""
        self._read.add(key)
        return self._values.get(key)

    def _typed(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        value = self.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise self.error(f"{key!r} is {value!r}, not {wanted}.", f"Write {key} as {wanted}.", key)
        return value

    def _required(self, key: str, value: Any, wanted: str) -> Any:
        if value is None:
            raise self.error(f"{key!r} is missing.", f"Add {key}: {wanted}.")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text; None where absent."""
        value: str | None = self._typed(key, str, "a text (in quotes if need be)")
        return value

    def text(self, key: str) -> str:
        """Return a text that has to be there."""
        return str(self._required(key, self.optional_text(key) or None, "a text"))

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return a finite number from ``low`` to ``high``."""
        wanted = f"a number from {low:g} to {high:g}"
        value = self._typed(key, (int, float), wanted)
        value = self._required(key, default if value is None else value, wanted)
        if not (math.isfinite(value) and low <= value <= high):
            raise self.error(f"{key!r} is {value!r}, not {wanted}.", f"Give {key} as {wanted}.", key)
        return float(value)

    def optional_date(self, key: str) -> dt.date | None:
        """Return a day; None where absent."""
        return self.as_date(key, self.get(key))

    def as_date(self, key: str, value: object) -> dt.date | None:
        """Check that a value is a day."""
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            raise self.error(f"{key!r} holds {value!r}, not a day.", "Write days as YYYY-MM-DD.", key)
        return value

    def date(self, key: str) -> dt.date:
        """Return a day that has to be there."""
        value: dt.date = self._required(key, self.optional_date(key), "YYYY-MM-DD")
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self.get(key)
        value = default if value is None else value
        return self.as_choice(key, value, allowed)

    def as_choice(self, key: str, value: object, allowed: Sequence[str]) -> str:
        """Check that a value is one of the allowed words."""
        if value not in allowed:
            raise self.error(f"{key!r} is {value!r}.", f"Use one of {', '.join(allowed)}.", key)
        return str(value)

    def entries(self, key: str) -> list[Entry]:
        """Return a list of mappings; empty where absent."""
        found = self._typed(key, list, "a list")
        return [self._entry(key, value) for value in found or ()]

    def entry(self, key: str) -> Entry | None:
        """Return a mapping; None where absent."""
        value = self.get(key)
        return None if value is None else self._entry(key, value)

    def _entry(self, key: str, value: object) -> Entry:
        if not isinstance(value, _Mapping):
            raise self.error(f"{key!r} holds {value!r} where keys and values belong.", "Write it as key: value.", key)
        return Entry(value, self.file)

    def items(self) -> Iterator[tuple[str, Entry]]:
        """Return every key with the mapping under it."""
        return ((key, self._entry(key, self.get(key))) for key in list(self._values))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where absent."""
        found = self._typed(key, list, "a list")
        return tuple(str(value) for value in found or ())

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        """Return exactly ``count`` finite numbers."""
        return self.as_numbers(key, self.get(key), count)

    def as_numbers(self, key: str, value: object, count: int) -> tuple[float, ...]:
        """Check that a value is exactly ``count`` finite numbers."""
        fits = isinstance(value, list) and len(value) == count
        if not fits or not all(type(v) in (int, float) and math.isfinite(v) for v in value):  # type: ignore[attr-defined]
            raise self.error(f"{key!r} holds {value!r}.", f"Give a list of {count} numbers.", key)
        return tuple(float(v) for v in value)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Refuse keys that nobody read: they are misspelt or misplaced."""
        unknown = sorted(str(key) for key in set(self._values) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            raise self.error(
                f"unknown key {unknown[0]!r}.", f"Correct or remove it; the keys here are {known}.", unknown[0]
            )


class _Mapping(dict[str, Any]):
    """A mapping that remembers its line, and those of its keys."""

    line = 0
    lines: Mapping[str, int] = MappingProxyType({})


def read_yaml(path: Path) -> Entry:
    """Read a YAML file that holds one mapping.

    Raises
    ------
    DataFileError
        It cannot be read, is not UTF-8 YAML, repeats a key, or holds something else than a mapping.
    """
    import yaml

    try:
        value = yaml.load(path.read_text("utf-8"), Loader=_line_loader())  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise DataFileError(f"{path.name} is not valid YAML: {_flat(error)}.", "Correct the file there.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path.name} cannot be read: {_flat(error)}.", "Make it a readable UTF-8 file.") from error
    if not isinstance(value, _Mapping):
        raise DataFileError(f"{path.name} holds no keys.", "Start it with id: and names:.")
    return Entry(value, path.name)


def _flat(error: Exception) -> str:
    return " ".join(str(error).replace('in "<unicode string>",', "at").split())


def _line_loader() -> Any:
    import yaml

    class LineLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def construct(loader: Any, node: yaml.MappingNode) -> _Mapping:
        mapping = _Mapping(loader.construct_pairs(node, deep=True))
        mapping.line = node.start_mark.line + 1
        mapping.lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice in this mapping", node.start_mark)
        return mapping

    def construct_day(loader: Any, node: yaml.ScalarNode) -> dt.date:
        try:
            day: dt.date = loader.construct_yaml_timestamp(node)
        except ValueError as error:
            problem = f"there is no day {node.value}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error
        return day

    LineLoader.add_constructor("tag:yaml.org,2002:timestamp", construct_day)
    LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, construct)
    return LineLoader
