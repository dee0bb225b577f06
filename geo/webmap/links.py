"""Which addresses a page would load by itself: there must be none of another host."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from geo.errors import OutputError

LOADING_ATTRIBUTES = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}
LOADING_LINKS = {"link", "image", "use", "base"}
"""Elements whose ``href`` is loaded, not merely offered to the reader."""

_FOREIGN = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]*)|@import\s+['\"]([^'\"]*)", re.IGNORECASE)


def check_offline(page: str) -> None:
    """Make sure a page loads nothing from another host.

    Raises
    ------
    OutputError
        It would; the message names the address.
    """
    if found := foreign_addresses(page):
        raise OutputError(
            f"The page would load {found[0]!r} from another host.", "Remove the element that brings it in."
        )


def foreign_addresses(page: str) -> list[str]:
    """Return the addresses on other hosts that a page would load when opened, in order."""
    parser = _Loads()
    parser.feed(page)
    parser.close()
    return [address for address in parser.found if _FOREIGN.match(address)]


class _Loads(HTMLParser):
    """Collects what the elements and style sheets of a page load."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads."""
        self._in_style = tag == "style"
        for name, value in attrs:
            if value and (name in LOADING_ATTRIBUTES or (name == "href" and tag in LOADING_LINKS)):
                self.found += [part.split()[0] for part in value.split(",") if part.strip()]
            if value and name == "style":
                self._note_css(value)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Note what a style sheet loads."""
        if self._in_style:
            self._note_css(data)

    def _note_css(self, text: str) -> None:
        self.found += [match.group(1) or match.group(2) or "" for match in _IN_CSS.finditer(text)]
