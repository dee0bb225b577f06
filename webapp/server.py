"""The WSGI server behind ``dateline serve``: cheroot, pure Python, with threads."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from geo.errors import InputError
from webapp.service import EXTENSION
from webapp.starting import Opening, warm_up

if TYPE_CHECKING:
    from cheroot.wsgi import Server
    from flask import Flask

    from webapp.service import Service

THREADS = 8

PATIENCE = 30
"""Seconds that requests under way have to end when the server is told to stop, as gunicorn gives them."""

SHORT = 1.5
"""Seconds that opening takes where nothing has to be made first."""

MOST_HEADER_BYTES = 65_536
"""Much more than any browser sends; by itself cheroot sets no bound."""


def run_server(app: Flask, host: str, port: int, announce: Callable[[str], None], early: Callable[[str], None]) -> None:
    """Serve the app until interrupted.

    Parameters
    ----------
    port
        0 lets the system choose a free one.
    announce
        Called once with the address, when what the app serves is open.
    early
        Called with the address before that, where something has to be made first: meanwhile pages tell how far it is.

    Raises
    ------
    InputError
        The address cannot be listened on.
    WorkspaceError, GazetteerError
        What the app serves cannot be opened.
    """
    server = bound_server(app, host, port)
    _stop_when_told()
    service: Service = app.extensions[EXTENSION]

    def open_and_announce() -> None:
        service.open(samples=True)
        warm_up(app)
        announce(address(server))

    opening = Opening(service.settings, open_and_announce)
    opening.answer_meanwhile(app)
    try:
        opening.start(server.stop)
        if not opening.is_done(SHORT) and opening.is_making():
            early(address(server))
        server.serve()
        if opening.error:
            raise opening.error
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


def _stop_when_told() -> None:
    """Let SIGTERM, which supervisors send, stop the server as Ctrl+C does: requests under way are answered first."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)


def bound_server(app: Flask, host: str, port: int) -> Server:
    """Return a server that accepts connections, and answers them once its ``serve`` is called.

    Raises
    ------
    InputError
        The address cannot be listened on.
    """
    from cheroot.wsgi import Server

    server = Server((host, port), app, numthreads=THREADS, server_name="Dateline", shutdown_timeout=PATIENCE)
    server.max_request_header_size = MOST_HEADER_BYTES
    try:
        server.prepare()
    except OSError as error:
        remedy = "Choose another one with --host and --port, or stop what uses it."
        raise InputError(f"{host}:{port} cannot be listened on: {' '.join(str(error).split())}.", remedy) from error
    return server


def address(server: Server) -> str:
    """Return the address to open in a browser on the same machine."""
    host, port = server.bind_addr[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}/"
