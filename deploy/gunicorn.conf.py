"""gunicorn's settings for the web app: ``gunicorn -c deploy/gunicorn.conf.py 'webapp:create_app()'``.

Threads wait for the database, processes use the cores. Everything else is a setting of Dateline (docs/settings.md).
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from geo.errors import DatelineError
from geo.logs import log_config
from geo.settings import load_settings

bind = os.environ.get("BIND") or "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
worker_class = "gthread"
threads = 4

timeout = 60  # a large export or sheet; a worker that is silent for longer is replaced
graceful_timeout = 30  # what requests under way have when told to stop
keepalive = 5
max_requests, max_requests_jitter = 20_000, 2_000  # whatever leaks, leaks no further
limit_request_line = 16_384  # an area of 10,000 characters, percent-encoded, and the rest
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a heartbeat on disk may stall

_settings = load_settings()
logconfig_dict = log_config(_settings.log_level, _settings.log)

# A new folder, for files of processes long gone would be counted; but the same after a reload, which reads this again.
_METRICS = "PROMETHEUS_MULTIPROC_DIR"
if not os.environ.get(_METRICS):
    os.environ[_METRICS] = tempfile.mkdtemp(prefix="dateline-metrics-")


def post_worker_init(worker: Any) -> None:
    """Open workspace and gazetteer before the first request; where that fails, /readyz says why until it does not.

    Requests are answered at once, and /readyz is 503 until pages are as quick as they stay.
    """
    from webapp.service import EXTENSION
    from webapp.starting import warm_up_meanwhile

    try:
        worker.wsgi.extensions[EXTENSION].open()
        warm_up_meanwhile(worker.wsgi)
    except DatelineError as error:
        worker.log.warning("%s", error)


def child_exit(_server: Any, worker: Any) -> None:
    """Tell the metrics that a process has gone."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no numbers behind, and whatever else is in a folder that was named to us."""
    folder = Path(os.environ[_METRICS])
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
