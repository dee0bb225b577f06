from __future__ import annotations

import gzip
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geo.articles.addresses import is_public
from geo.articles.document import Document
from geo.articles.fetching import Limits, Network, Tag, fetch, parts_at
from geo.articles.formats import Unopened
from geo.articles.reader import Unreadable, read_articles
from geo.errors import InputError

CERTIFICATE = Path(__file__).parent / "data" / "news.example.pem"
PAGE = b"<html><head><title>Truce holds</title></head><body><article><h1>Truce holds</h1><p>" + (
    b"A truce in the north of the province was holding on Thursday evening, several hours after it began. " * 4
    + b"</p></article></body></html>"
)

Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> Answer:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Type": kind} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def redirect(target: str) -> Answer:
    return answer(b"", status=302, Location=target)


@dataclass
class Server:
    """A server on this machine, and what it was asked."""

    port: int
    answers: dict[str, Answer]
    asked: list[dict[str, str]] = field(default_factory=list)

    def address(self, path: str = "/", host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def network(self, *addresses: str, **limits: float) -> Network:
        """A network whose only host is this machine, which tests alone may ask."""
        found = list(addresses or ["127.0.0.1"])
        bounds = replace(Limits(ports=frozenset({self.port})), **limits)  # type: ignore[arg-type]
        return Network(lambda host, port: found[:1], lambda address: address == "127.0.0.1", bounds)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """Say nothing of connections that are cut."""


@contextmanager
def serving(tls: bool = False, **answers: Answer) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append({**self.headers, "path": self.path})
            server.answers[self.path.strip("/").partition("?")[0] or "root"](self)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with QuietServer(("127.0.0.1", 0), Handler) as http:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            http.socket = context.wrap_socket(http.socket, server_side=True)
        server = Server(http.server_port, answers)
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        http.shutdown()


def _reason(address: str, network: Network) -> str:
    with pytest.raises(InputError) as caught:
        fetch(address, network)
    return str(caught.value)


def test_nothing_is_fetched_unless_it_is_allowed() -> None:
    (found,) = read_articles(["https://example.org/report.html"])
    assert isinstance(found, Unreadable)
    assert "Set DATELINE_FETCH=1" in found.reason


def test_a_page_is_read_under_its_address() -> None:
    with serving(report=answer(PAGE)) as server:
        (page,) = parts_at(server.address("/report?a=1&b=ü"), server.network())
        assert isinstance(page, Unopened)
        (document,) = page.documents()
        assert isinstance(document, Document)
        assert document.text.startswith("Truce holds\nA truce")
        assert document.url == server.address("/report?a=1&b=ü")
        assert server.asked[0]["path"] == "/report?a=1&b=%C3%BC"


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
@pytest.mark.parametrize("said", ["charset=koi8-r", 'CHARSET="KOI8-R"; x=y'])
def test_a_page_is_decoded_as_its_server_says(kind: str, said: str) -> None:
    body = "<p>Перемирие</p>".encode("koi8-r")
    with serving(page=answer(body, f"{kind}; {said}")) as server:
        page = fetch(server.address("/page"), server.network())
    assert page is not None
    assert page.content.decode() == "<p>Перемирие</p>"


@pytest.mark.parametrize("said", ["charset=koi8-r", "charset=punycode", "charset=", "charset=\xd8"])
def test_a_server_that_tells_a_wrong_encoding_is_not_believed(said: str) -> None:
    body = "<p>Перемирие</p>".encode()
    with serving(page=answer(body, f"text/html; {said}")) as server:
        page = fetch(server.address("/page"), server.network())
    assert page is not None
    assert page.content == body


def test_a_server_is_asked_by_its_name_and_told_who_asks() -> None:
    with serving(root=answer(PAGE)) as server:
        fetch(server.address(), server.network())
        assert server.asked[0]["Host"] == f"news.example:{server.port}"
        assert server.asked[0]["User-Agent"].startswith("Dateline")
        assert not {"Cookie", "Authorization", "Referer"} & server.asked[0].keys()


def test_a_name_is_resolved_once_for_each_connection() -> None:
    answers = ["127.0.0.1", "10.0.0.1", "10.0.0.1"]
    with serving(root=answer(PAGE)) as server:
        network = replace(server.network(), resolve=lambda host, port: [answers.pop(0)])
        assert fetch(server.address(), network)
        assert answers == ["10.0.0.1", "10.0.0.1"]


def test_a_host_that_moves_to_a_private_address_is_not_followed() -> None:
    answers = ["127.0.0.1", "10.0.0.1"]
    with serving(root=redirect("/again"), again=answer(PAGE)) as server:
        network = replace(server.network(), resolve=lambda host, port: [answers.pop(0)])
        assert "news.example is not on the public internet" in _reason(server.address(), network)
        assert len(server.asked) == 1


def test_a_redirect_is_followed_and_checked_again() -> None:
    with serving(root=redirect("/report"), report=answer(PAGE)) as server:
        page = fetch(server.address(), server.network())
        assert page is not None
        assert page.address == server.address("/report")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://10.0.0.1:{port}/", "10.0.0.1 is not on the public internet"),
        ("file:///etc/passwd", "is no http or https address"),
        ("http://news.example:22/", "asks for port 22"),
        ("http://me:secret@news.example/", "holds a user or password"),
    ],
)
def test_a_redirect_leads_nowhere_that_may_not_be_asked(target: str, reason: str) -> None:
    with serving() as server:
        server.answers["root"] = redirect(target.format(port=server.port))
        network = replace(server.network(), resolve=lambda host, port: ["127.0.0.1" if host[0] == "n" else host])
        assert reason in _reason(server.address(), network)
        assert len(server.asked) == 1


def test_redirects_have_an_end() -> None:
    with serving(root=redirect("/")) as server:
        assert "redirects more than 5 times" in _reason(server.address(), server.network())
        assert len(server.asked) == 6


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "10.1.2.3", "192.168.0.1", "172.16.0.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::ffff:127.0.0.1]", "[::]",
        "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "localhost",
    ],
)  # fmt: skip
def test_hosts_that_are_not_public_are_not_asked(host: str) -> None:
    assert "is not on the public internet" in _reason(f"http://{host}/", Network())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://news.example/a.txt", "is no http or https address"),
        ("http:///a.txt", "is no http or https address"),
        ("http://news.example:99999/", "is no http or https address"),
        ("http://news.example/\r\nX: 1", "is no http or https address"),
        ("http://me:secret@news.example/", "http://news.example/ holds a user or password"),
        ("http://news.example:22/", "asks for port 22"),
        (f"http://{'a' * 70}.example/", "is no http or https address"),
    ],
)
def test_addresses_that_are_not_asked_say_why(address: str, reason: str) -> None:
    actual = _reason(address, Network(resolve=lambda host, port: ["127.0.0.1"], allowed=lambda address: True))
    assert reason in actual
    assert "secret" not in actual
    assert actual.isprintable()


@pytest.mark.parametrize(
    ("respond", "reason"),
    [
        (answer(b"", status=404), "answers 404"),
        (answer(PAGE, "image/png"), "sends image/png, which is not read"),
        (answer(PAGE * 100), "sends more than 0 MB"),
        (answer(gzip.compress(PAGE * 100), Content_Encoding="gzip"), "sends more than 0 MB"),
        (answer(b"not gzip", Content_Encoding="gzip"), "cannot be fetched"),
        (lambda handler: handler.wfile.write(b"no HTTP\r\n\r\n"), "cannot be fetched"),
        (lambda handler: handler.connection.close(), "cannot be fetched"),
        (answer(PAGE[:50], Content_Length="5000"), "cannot be fetched"),
    ],
)
def test_answers_that_are_not_taken_say_why(respond: Answer, reason: str) -> None:
    with serving(root=respond) as server:
        assert reason in _reason(server.address(), server.network(bytes=20_000))


def test_a_small_answer_that_unpacks_to_a_large_one_takes_no_memory() -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    with serving(root=answer(bomb, "text/plain", Content_Encoding="gzip")) as server:
        tracemalloc.start()
        assert "sends more than 10 MB" in _reason(server.address(), server.network())
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
        tracemalloc.stop()


def _drip(handler: BaseHTTPRequestHandler, first: bytes) -> None:
    handler.wfile.write(first)
    for _ in range(100):
        time.sleep(0.05)
        handler.wfile.write(b"x")


@pytest.mark.parametrize("first", [b"", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"])
def test_an_answer_that_drips_is_cut_in_time(first: bytes) -> None:
    with serving(root=lambda handler: _drip(handler, first)) as server:
        assert "took longer than 0 seconds" in _reason(server.address(), server.network(seconds=0.4))


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"1"' and handler.headers.get("If-Modified-Since") == "Monday"
        answer(PAGE, status=304 if known else 200, ETag='"1"', Last_Modified="Monday")(handler)

    with serving(root=respond) as server:
        page = fetch(server.address(), server.network())
        assert page is not None
        assert page.tag == Tag('"1"', "Monday")
        assert fetch(server.address(), server.network(), page.tag) is None


def test_a_certificate_is_checked_against_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with serving(tls=True, root=answer(PAGE)) as server:
        assert fetch(server.address(scheme="https"), server.network())
        reason = _reason(server.address(host="other.example", scheme="https"), server.network())
        assert "certificate is not valid for 'other.example'" in reason


def test_a_certificate_of_nobody_is_refused() -> None:
    with serving(tls=True, root=answer(PAGE)) as server:
        assert "certificate verify failed" in _reason(server.address(scheme="https"), server.network())


def test_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(root=answer(PAGE)) as server:
        assert fetch(server.address(), server.network())


def test_no_network_is_told() -> None:
    def no_host(host: str, port: int) -> list[str]:
        import socket

        raise socket.gaierror(-2, "Name or service not known")

    assert "There is no host of http://news.example/, or no network." in _reason(
        "http://news.example/", Network(resolve=no_host)
    )
