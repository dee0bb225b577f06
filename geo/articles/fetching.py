"""Fetching pages and feeds: only where it is allowed, only public hosts, and no more than is good for us.

A host's name is resolved once and the connection goes to that very address, while certificate and host are checked
against the name: who answers another address the second time (DNS rebinding) gains nothing. Each redirect is checked
as the first address was. Proxies of the environment are not used, for they would resolve names themselves. One address
that a person gives is fetched, as a browser would; links are not followed, so robots.txt is not asked.
"""

from __future__ import annotations

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from typing import TYPE_CHECKING, Self
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from geo.articles.addresses import is_public, resolve
from geo.articles.archives import Allowance
from geo.articles.archives import shown as printable
from geo.articles.decoding import decode_declared
from geo.articles.document import Document, Unreadable
from geo.articles.formats import FORMATS, Unopened, parts_of, suffix_of
from geo.errors import DatelineError, InputError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

# What a server may call the formats, and the suffix of each; others are not read.
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".txt",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_IN_LETTERS = {".html", ".txt", ".csv"}  # what may be in an encoding that the server alone tells
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# What says nothing of the format: the address's suffix tells, or else the first bytes.
_UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}
_REDIRECTS = {301, 302, 303, 307, 308}
_NOT_MODIFIED = 304
_CHUNK = 1 << 16
_UNPACKED, _MEMBERS = 200_000_000, 10_000  # of an archive that is fetched
_PORTS = {"http": 80, "https": 443}
_WAY_OUT = "Save the page and give the file."


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a fetch may go.

    Attributes
    ----------
    bytes
        Of the answer at most, after decompression.
    seconds
        From the first packet to the last, through all redirects.
    redirects
        That are followed at most.
    ports
        That may be asked.
    """

    bytes: int = 10_000_000
    seconds: float = 20.0
    redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Network:
    """The way to the internet; tests put another in its place.

    Attributes
    ----------
    resolve
        Returns the addresses of a host; raises OSError where there is none.
    allowed
        Tells whether an address may be asked.
    """

    resolve: Callable[[str, int], list[str]] = resolve
    allowed: Callable[[str], bool] = is_public
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a server gives to ask later whether a page has changed; None where it gave nothing."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: the address that answered in the end, its content, and the format's suffix, empty if untold."""

    address: str
    content: bytes = field(repr=False)
    kind: str
    tag: Tag


INTERNET = Network()


def parts_at(address: str, network: Network = INTERNET) -> Iterator[Document | Unreadable | Unopened]:
    """Fetch an address and yield what is there; see `geo.articles.formats.parts_of`.

    Raises
    ------
    InputError
        It may not be asked, does not answer in time or as it should, or what it sends cannot be read.
    """
    page = fetch(address, network)
    assert page is not None, "only a page asked for with a tag may be unchanged"
    yield from parts_in_page(page)


def parts_in_page(page: Page) -> Iterator[Document | Unreadable | Unopened]:
    """Yield what was fetched; a document that names no address has the page's.

    Raises
    ------
    InputError
        It cannot be read.
    """
    allowance = Allowance(bytes=_UNPACKED, members=_MEMBERS)
    for part in parts_of(io.BytesIO(page.content), shown(page.address), allowance, page.kind):
        yield part if isinstance(part, Unreadable) or part.url else replace(part, url=page.address)


def fetch(address: str, network: Network = INTERNET, tag: Tag | None = None) -> Page | None:
    """Fetch an address.

    Parameters
    ----------
    tag
        What the server said the last time, to be asked whether there is anything new.

    Returns
    -------
    Page or None
        None where there is nothing new.

    Raises
    ------
    InputError
        It may not be asked, does not answer in time or as it should, sends too much or what is not read.
    """
    from urllib3.exceptions import HTTPError

    with _Clock(network.limits.seconds) as clock:
        try:
            return _followed(address, network, clock, tag)
        except (OSError, HTTPException, HTTPError) as error:
            raise _failure(address, error, clock) from error


def _followed(address: str, network: Network, clock: _Clock, tag: Tag | None) -> Page | None:
    target = address
    for _ in range(network.limits.redirects + 1):
        with _asked(target, network, clock, tag) as response:
            if response.status == _NOT_MODIFIED and tag:
                return None
            if response.status not in _REDIRECTS:
                page = _page(target, response, network.limits)
                clock.check()
                return page
            target = urljoin(target, response.headers.get("Location", ""))
    raise InputError(f"{shown(address)} redirects more than {network.limits.redirects} times.", _WAY_OUT)


def _failure(address: str, error: Exception, clock: _Clock) -> DatelineError:
    if clock.rang:
        return InputError(f"{shown(address)} took longer than {clock.seconds:.0f} seconds.", _WAY_OUT)
    if isinstance(error, socket.gaierror):
        return InputError(f"There is no host of {shown(address)}, or no network.", "Check the address.")
    reason = " ".join(str(error).rpartition(">: ")[2].split()).rstrip(".") or type(error).__name__
    return InputError(f"{shown(address)} cannot be fetched: {reason}.", "Try again later, or save the page.")


@contextmanager
def _asked(address: str, network: Network, clock: _Clock, tag: Tag | None) -> Iterator[BaseHTTPResponse]:
    """Ask an address once."""
    parts = _checked(address, network.limits)
    connection = _connection(parts, network)
    try:
        clock.guard(connection)
        connection.connect()
        clock.guard(connection)
        connection.request("GET", _target(parts), headers=_headers(parts, tag), preload_content=False)
        response = connection.getresponse()
        clock.check()
        yield response
    finally:
        with suppress(OSError):
            connection.close()


def _checked(address: str, limits: Limits) -> SplitResult:
    """Return the parts of an address that may be asked, its host as ASCII."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, KeyError) as error:
        raise InputError(f"{shown(address)} is no http or https address.", "Check how it is written.") from error
    if not host or not address.isprintable():
        raise InputError(f"{shown(address)} is no http or https address.", "Check how it is written.")
    if parts.username is not None or parts.password is not None:
        raise InputError(f"{shown(address)} holds a user or password.", "Leave them out, or save the page.")
    if port not in limits.ports:
        raise InputError(f"{shown(address)} asks for port {port}; only 80 and 443 are asked.", _WAY_OUT)
    return parts._replace(netloc=f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _connection(parts: SplitResult, network: Network) -> HTTPConnection:
    """Return a connection to the one address its host is resolved to, to be checked against the host's name."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    host, port = parts.hostname or "", parts.port or 0
    public = [address for address in network.resolve(host, port) if network.allowed(address)]
    if not public:
        raise InputError(f"{host} is not on the public internet, and is not asked.", _WAY_OUT)
    if parts.scheme == "http":
        return HTTPConnection(public[0], port, timeout=network.limits.seconds)
    return HTTPSConnection(
        public[0],
        port,
        timeout=network.limits.seconds,
        server_hostname=host,
        cert_reqs="CERT_REQUIRED",
    )


def _target(parts: SplitResult) -> str:
    # What is written with other letters than ASCII is sent as UTF-8; what is quoted already stays as it is.
    kept = "%/:=&?~#+!$,;'@()*[]-._"
    return quote(parts.path or "/", safe=kept) + (f"?{quote(parts.query, safe=kept)}" if parts.query else "")


def _headers(parts: SplitResult, tag: Tag | None) -> dict[str, str]:
    default = parts.port == _PORTS[parts.scheme]
    headers = {
        "Host": parts.netloc.rpartition(":")[0] if default else parts.netloc,
        "User-Agent": "Dateline (reads news reports for maps)",
        "Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    asked = {"If-None-Match": tag.etag, "If-Modified-Since": tag.modified} if tag else {}
    return headers | {name: value for name, value in asked.items() if value}


def _page(address: str, response: BaseHTTPResponse, limits: Limits) -> Page:
    if response.status != 200:
        raise InputError(f"{shown(address)} answers {response.status}.", "Check the address in a browser.")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    kind = _kind(address, media_type)
    content = bytearray()
    while chunk := response.read1(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > limits.bytes:
            raise InputError(f"{shown(address)} sends more than {limits.bytes // 1_000_000} MB.", _WAY_OUT)
    declared = decode_declared(bytes(content), _charset(response)) if kind in _IN_LETTERS else None
    if declared is not None:
        content = bytearray(declared.encode())
    tag = Tag(response.headers.get("ETag"), response.headers.get("Last-Modified"))
    return Page(address, bytes(content), kind, tag)


def _charset(response: BaseHTTPResponse) -> str:
    match = _CHARSET.search(response.headers.get("Content-Type", ""))
    return match[1] if match else ""


def _kind(address: str, media_type: str) -> str:
    """Return the suffix of a format by its media type; empty where the first bytes must tell."""
    if media_type in _UNTOLD:
        suffix = suffix_of(urlsplit(address).path)
        return suffix if suffix in FORMATS else ""
    if media_type not in _KINDS:
        raise InputError(f"{shown(address)} sends {shown(media_type)}, which is not read.", _WAY_OUT)
    return _KINDS[media_type]


def shown(address: str) -> str:
    """Return an address as it may be printed: without user and password, on one line, not too long."""
    before, scheme, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return printable(f"{before}{scheme}{host.rpartition('@')[2]}{slash}{path}")[:300]


class _Clock:
    """Cuts a connection when its time is over: at whatever step it is, and however slowly bytes still come."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rang = False
        self._connection: HTTPConnection | None = None
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def guard(self, connection: HTTPConnection) -> None:
        """Tell which connection to cut; again when it is made, for it forgets its socket when an answer begins."""
        self._connection, self._sock = connection, connection.sock
        self.check()

    def check(self) -> None:
        """Raise where the time is over: a connection that was cut may look like one that ended."""
        if self.rang:
            raise TimeoutError

    def _ring(self) -> None:
        self.rang = True
        sock = self._sock or (self._connection.sock if self._connection else None)
        if sock:
            with suppress(OSError):  # below TLS, whose state is the other thread's
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
