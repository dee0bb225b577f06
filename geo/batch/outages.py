"""Short outages of the store: wait and try again; every write is safe to repeat, for content is kept by its hash."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from geo.errors import WorkspaceError

_P = ParamSpec("_P")
_T = TypeVar("_T")

_log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries: long enough for a server to start again."""

# PostgreSQL's classes and codes of errors that pass: connection lost, server shutting down or starting, too many
# connections (appendix A of its manual). An error without a code is one of connecting.
_PASSING = ("08", "57P01", "57P02", "57P03", "53300")


def steadily(action: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Do something to a workspace; where its server is out of reach, wait and do it again, a few times.

    Raises
    ------
    WorkspaceError
        It failed for another reason, or was still out of reach in the end.
    """
    for pause in PAUSES:
        try:
            return action(*args, **kwargs)
        except WorkspaceError as error:
            if not is_outage(error):
                raise
            _log.warning("%s Trying again in %s s.", error.message, pause)
            time.sleep(pause)
    return action(*args, **kwargs)


def is_outage(error: WorkspaceError) -> bool:
    """Return whether a workspace failed because its server was out of reach."""
    from sqlalchemy.exc import DBAPIError

    cause = error.__cause__
    if isinstance(cause, DBAPIError) and cause.connection_invalidated:
        return True
    # Rows copied past SQLAlchemy come with the driver's own errors.
    own = cause.orig if isinstance(cause, DBAPIError) else cause
    code = getattr(own, "sqlstate", "no server")
    return type(own).__name__ == "OperationalError" and (code is None or str(code).startswith(_PASSING))
