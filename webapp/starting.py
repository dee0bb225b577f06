"""What is answered while a new machine gets ready: how far it is, on a page that turns into the one asked for."""

from __future__ import annotations

import logging
from http import HTTPStatus
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from flask import jsonify, make_response, render_template, request

from geo.errors import DatelineError
from webapp.errors import answer, is_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

    from geo.settings import Settings

STEPS = (
    ("The index of place names is built", "once, about half a minute"),
    ("The outlines of countries and provinces are drawn", "once, about 20 seconds"),
    ("The workspace is opened; an empty one gets sample reports", "some seconds"),
)
"""What is made at a first start, in order, and how long each takes on a machine with two processors."""

ALWAYS = ("/static/", "/healthz")
"""Addresses that need nothing of what is being made."""

PAUSE = 3
"""Seconds after which a page asks again."""

WARMING = "dateline-warming"
"""Key in ``app.extensions`` while the first page is made."""

_log = logging.getLogger(__name__)


def warm_up(app: Flask) -> None:
    """Make the viewer's page once, so that whoever asks first need not wait for all that it takes to be loaded.

    Where it cannot be made, the log says why, as the page will.
    """
    try:
        with app.test_request_context("/"):
            app.preprocess_request()
            app.dispatch_request()
    except DatelineError as error:
        _log.warning("The first page cannot be made: %s", error)


def warm_up_meanwhile(app: Flask) -> Thread:
    """Do the same in a thread, which is returned, while requests are answered; until it ends the app is not ready."""
    app.extensions[WARMING] = True

    def run() -> None:
        try:
            warm_up(app)
        finally:
            del app.extensions[WARMING]

    thread = Thread(target=run, name="warming", daemon=True)
    thread.start()
    return thread


class Opening:
    """What an app serves is opened in a thread of its own, so that its address answers from the first second.

    Parameters
    ----------
    settings
        They say where what is made is kept.
    act
        Opens it; an error it raises is kept in ``error``.
    """

    def __init__(self, settings: Settings, act: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._settings, self._act = settings, act
        self._done, self._since = Event(), monotonic()

    def start(self, ended: Callable[[], object]) -> None:
        """Begin; ``ended`` is called after an error."""

        def run() -> None:
            try:
                self._act()
            except BaseException as error:  # the thread that serves raises it again
                self.error = error
                ended()
            self._done.set()

        Thread(target=run, name="opening", daemon=True).start()

    def is_done(self, seconds: float = 0) -> bool:
        """Tell whether it is open, after waiting so long for it at most."""
        return self._done.wait(seconds)

    def step(self) -> int:
        """Return the position in `STEPS` of what is being made."""
        from geo.batch.prepare import is_made
        from geo.gazetteer.build import index_folder

        if not index_folder(self._settings).is_dir():
            return 0
        return 2 if is_made(self._settings) else 1

    def is_making(self) -> bool:
        """Tell whether something has to be made that is kept."""
        return self.step() < len(STEPS) - 1

    def answer_meanwhile(self, app: Flask) -> None:
        """Answer every request to the app with how far it is, until it is open."""
        app.before_request(self._progress)

    def _progress(self) -> Response | None:
        if self.is_done() or request.path.startswith(ALWAYS):
            return None
        now = self.step()
        message = f"Dateline is getting ready, step {now + 1} of {len(STEPS)}: {STEPS[now][0].lower()}."
        if is_page():
            seconds = round(monotonic() - self._since)
            page = render_template("starting.html", message=message, steps=STEPS, now=now, seconds=seconds, pause=PAUSE)
            told = make_response(page, HTTPStatus.SERVICE_UNAVAILABLE)
        elif request.path == "/readyz":
            told = make_response(jsonify(status="not ready", checks={"start": message}), HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            told = answer(HTTPStatus.SERVICE_UNAVAILABLE, message, "Ask again in some seconds; /readyz tells when.")
        told.headers["Retry-After"] = str(PAUSE)
        return told
