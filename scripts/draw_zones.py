"""Draw all zones over all days and put the shapes beside their data files, in place of those drawn before.

Run it after a change of the zones' data, the method or the base boundaries; a test tells when it is due.
"""

from __future__ import annotations

import argparse

from geo.files import write_whole
from geo.gazetteer.boundaries import open_boundaries
from geo.settings import data_dir
from geo.zones.loading import load_definitions
from geo.zones.timeline import compute, digest, drawn_name, encoded


def main() -> None:
    """Write the file."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = data_dir() / "shapes" / "zones"
    states = compute(load_definitions(folder), open_boundaries(None))
    for old in folder.glob(drawn_name("*")):
        old.unlink()
    path = folder / drawn_name(digest(folder, None))
    write_whole(path, encoded(states))
    print(f"{path.name}: {sum(map(len, states.values()))} states of {len(states)} zones")


if __name__ == "__main__":
    main()
