"""Security headers: what a page may load, who may frame it.

No page loads anything from another host; only the setting ``online_tiles`` lets in OpenStreetMap's tiles. Scripts and
style sheets inside a page run only with that answer's own nonce, so nothing that came in with an article's text can.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

    from geo.settings import Settings

FRAMEABLE = frozenset({"/map"})
"""Pages that any site may put into a frame."""

LOOPBACK = ("localhost", "127.0.0.1")
"""Names of the machine itself; Werkzeug compares no IPv6 addresses."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask, settings: Settings) -> None:
    """Give every answer of the app its security headers; believe as many proxies as the settings say."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    if proxies := settings.trusted_proxies:
        app.extensions["proxied"] = True
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]

    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Referrer-Policy"] = referrer_policy(online_tiles=settings.online_tiles)
        response.headers["Content-Security-Policy"] = _policy(response, online_tiles=settings.online_tiles)
        if request.path not in FRAMEABLE:
            response.headers["X-Frame-Options"] = "DENY"
        return response

    app.before_request(_draw_nonce)
    app.after_request(add_headers)
    app.context_processor(lambda: {"nonce": g.nonce})


def trust_this_machine_alone(app: Flask, host: str) -> None:
    """Let an app that listens on this machine alone be called by its own names alone.

    A page of any site could otherwise have its own name resolve to this machine (DNS rebinding), and read and change
    the workspace as if it were one of ours. Behind a proxy, which has names of its own, nothing is checked here.
    """
    if host in LOOPBACK and "proxied" not in app.extensions:
        app.config["TRUSTED_HOSTS"] = list(LOOPBACK)


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
