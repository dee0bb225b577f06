"""Build ``data/words/words.marisa``: what is known of English words, from two packages given by path.

usage: build_words.py SPACY_LOOKUPS_DATA_WHEEL NAMES_SDIST

The first is spacy-lookups-data 1.0.5 (MIT): Brown clusters (Brown 1992) and log probabilities of English words, case
kept. The second is names 0.3.0: given names and surnames of the 1990 census of the United States (public domain).
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import marisa_trie

OUTPUT = Path(__file__).parent.parent / "data" / "words" / "words.marisa"
RECORD = "<IbbB"
_LETTERS = re.compile(r"[^\W\d_]+")


def _table(wheel: zipfile.ZipFile, name: str) -> dict[str, float]:
    with wheel.open(f"spacy_lookups_data/data/en_lexeme_{name}.json.gz") as file:
        table: dict[str, float] = json.loads(gzip.decompress(file.read()))
    return table


def _census(sdist: tarfile.TarFile, name: str) -> dict[str, int]:
    """Return the class of frequency of each name: 1 for the rarest kept, 7 for the commonest."""
    file = sdist.extractfile(f"names-0.3.0/names/dist.{name}")
    assert file is not None, "the archive holds the three lists"
    rows = [line.decode().split() for line in file if line.strip()]
    return {row[0].lower(): 4 + round(math.log10(float(row[1])) + 2) for row in rows if float(row[1]) >= 0.001}


def main(wheel_path: str, sdist_path: str) -> None:
    """Write the table; see the module's docstring."""
    with zipfile.ZipFile(wheel_path) as wheel:
        clusters, probabilities = _table(wheel, "cluster"), _table(wheel, "prob")
    with tarfile.open(sdist_path) as sdist:
        surnames = _census(sdist, "all.last")
        given = {**_census(sdist, "female.first"), **_census(sdist, "male.first")}
    words = {w for w, c in clusters.items() if c and _LETTERS.fullmatch(w)} | surnames.keys() | given.keys()
    records = [
        (
            word,
            (
                int(clusters.get(word, 0)),
                round(max(probabilities.get(word, -20.0), -20.0)),
                round(max(probabilities.get(word.lower(), -20.0), -20.0)),
                given.get(word, 0) * 16 + surnames.get(word, 0),
            ),
        )
        for word in sorted(words)
    ]
    marisa_trie.RecordTrie(RECORD, records).save(str(OUTPUT))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
