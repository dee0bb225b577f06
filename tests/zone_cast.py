"""A tiny zone around Hama, for tests that should not draw the real ones."""

from __future__ import annotations

from pathlib import Path

COMMON = """
first_day: 2017-05-06
last_day: 2017-12-31
default_day: 2017-06-01
sources:
  seen: {title: Seen by the author, licence: CC BY 4.0}
"""

ZONE = """
id: hama
names: {en: Hama zone, ar: حماة, ru: Зона Хама}
country: SY
status: agreed
from: 2017-05-06
to: 2017-09-30
accuracy_km: 2
members:
  - {admin1: Hama, part: part}
statements:
  - {text: Hama and around., source: seen, date: 2017-05-04}
events:
  - {text: The east is lost., source: seen, date: 2017-08-01}
evidence:
  - {name: Centre, lon: 36.75, lat: 35.13, status: inside, source: seen}
  - {name: Near, lon: 36.80, lat: 35.15, status: inside, source: seen}
  - {name: East, lon: 36.90, lat: 35.13, status: inside, source: seen, changes: {2017-08-01: outside}}
  - {name: West, lon: 36.60, lat: 35.13, status: inside, source: seen}
  - {name: Hole, lon: 36.75, lat: 35.17, status: enclave, radius_km: 2, source: seen, changes: {2017-07-01: inside}}
  - {name: Far north, lon: 36.75, lat: 35.35, status: outside, source: seen}
  - {name: Far south, lon: 36.75, lat: 34.90, status: outside, source: seen}
  - {name: Far west, lon: 36.40, lat: 35.13, status: outside, source: seen}
  - {name: Far east, lon: 37.10, lat: 35.13, status: outside, source: seen}
  - {name: Unsure, lon: 36.75, lat: 35.25, status: ambiguous, source: seen}
posts:
  - {id: hill, name: Hill, lon: 36.75, lat: 35.2, accuracy_km: 1, from: 2017-06-15, to: 2017-07-15, source: seen}
"""


def zone_folder(folder: Path, zone: str = ZONE, common: str = COMMON) -> Path:
    """Write the data files of one zone into a folder."""
    (folder / "common.yaml").write_text(common, "utf-8")
    (folder / "hama.yaml").write_text(zone, "utf-8")
    return folder
