"""Under which names the site answers, and security headers: what a page may load, who may frame it.

No page loads anything from another host; only the setting ``online_tiles`` lets in OpenStreetMap's tiles. Scripts and
style sheets inside a page run only with that answer's own nonce, so nothing that came in with an article's text can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.sansio.utils import host_is_trusted

from geo.errors import InputError

if TYPE_CHECKING:
    from flask import Flask, Response

    from geo.settings import Settings

FRAMEABLE = frozenset({"/map"})
"""Pages that any site may put into a frame."""

OPEN_TO_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})
"""Addresses that tell no article; what watches over processes calls them by names of its own."""

_ADDRESS = re.compile(r"(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::[0-9]+)?", re.IGNORECASE)
_NAME = re.compile(r"\.?[\w-]+(?:\.[\w-]+)*")
_LONGEST_NAME = 253  # a DNS name's; a header may be longer

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask, settings: Settings) -> None:
    """Give every answer of the app its security headers; believe as many proxies as the settings say."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    names = trusted_names(settings.hosts)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]

    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Referrer-Policy"] = referrer_policy(online_tiles=settings.online_tiles)
        response.headers["Content-Security-Policy"] = _policy(response, online_tiles=settings.online_tiles)
        if request.path not in FRAMEABLE:
            response.headers["X-Frame-Options"] = "DENY"
        return response

    app.before_request(_draw_nonce)
    app.before_request(lambda: _check_host(names))
    app.after_request(add_headers)
    app.context_processor(lambda: {"nonce": g.nonce})


def trusted_names(hosts: str) -> tuple[str, ...]:
    """Return the names that the web app answers to: the machine's own, and those that the setting ``hosts`` lists.

    Raises
    ------
    InputError
        One is no name.
    """
    names = [name for part in hosts.split(",") if (name := part.strip().lower())]
    for name in names:
        if not (_NAME.fullmatch(name) or _is_address(name)):
            remedy = "Give names alone, without https:// and ports, with commas between them."
            raise InputError(f"DATELINE_HOSTS lists {name!r}, which is no name of a host.", remedy)
    return ("localhost", *names)


def is_trusted(host: str, names: Sequence[str]) -> bool:
    """Tell whether a request's Host header names this site.

    A page of any site could otherwise have its own name resolve to this machine (DNS rebinding), and read and change
    the workspace as if it were one of ours. It cannot have an IP address for a name, so these are all taken.
    """
    numbers = _ADDRESS.fullmatch(host)
    return bool(numbers and _is_address(numbers[1] or numbers[2])) or host_is_trusted(host.lower(), names)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _check_host(names: Sequence[str]) -> None:
    """Refuse a request under a name that is not ours.

    Behind proxies both names count, that which the proxy tells and that which it calls us by: where there is none after
    all, a page could tell any. Browsers always name the host; a program that does not is no page.
    """
    proxied = request.environ.get("werkzeug.proxy_fix.orig", {})
    for host in (request.headers.get("Host"), proxied.get("HTTP_HOST")):
        if host and request.path not in OPEN_TO_ANY_NAME and not is_trusted(host, names):
            remedy = "Open it by its IP address, or start it with DATELINE_HOSTS=NAME for the name you want to use."
            raise InputError(f"Dateline does not answer to the name {host[:_LONGEST_NAME]!r}.", remedy)


def referrer_policy(*, online_tiles: bool) -> str:
    """Return the referrer policy: tile servers require to be told the site, nobody else is told anything."""
    return "strict-origin-when-cross-origin" if online_tiles else "same-origin"


def page_policy(nonce: str, *, frameable: bool = False, online_tiles: bool = False) -> str:
    """Return the Content-Security-Policy of a page whose own scripts and styles carry ``nonce``."""
    images = " ".join(["'self'", "data:", *([_tile_host()] if online_tiles else [])])
    rules = [
        "default-src 'none'",
        f"script-src 'nonce-{nonce}'",
        f"style-src-elem 'self' 'nonce-{nonce}'",
        "style-src-attr 'unsafe-inline'",  # Leaflet places its panes by style attributes
        f"img-src {images}",
        "connect-src 'self'",
        "font-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
    ]
    # Without a rule anything may frame it; the rule `*` would shut out pages opened from a file.
    return "; ".join(rules if frameable else [*rules, "frame-ancestors 'none'"])


@lru_cache(maxsize=1)
def _tile_host() -> str:
    from geo.webmap.build import OSM_URL

    parts = urlsplit(OSM_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _draw_nonce() -> None:
    g.nonce = token_urlsafe(16)


def _policy(response: Response, *, online_tiles: bool) -> str:
    if response.mimetype != "text/html":
        return DATA_POLICY
    return page_policy(g.nonce, frameable=request.path in FRAMEABLE, online_tiles=online_tiles)
