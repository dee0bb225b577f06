"""``dateline serve``."""

from __future__ import annotations

import click

from geo.cli.parameters import settings_of, workspace_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@workspace_option
def serve(host: str, port: int, workspace: str | None) -> None:
    """Serve the web app.

    An empty workspace starts with the sample articles.

    \b
    Example:
      dateline serve --port 8080
    """
    from dataclasses import replace

    from geo.logs import set_up_logging
    from webapp import create_app
    from webapp.server import run_server

    settings = settings_of(workspace)
    set_up_logging(settings.log_level, settings.log)
    app = create_app(replace(settings, hosts=f"{settings.hosts},{host}"))  # a name to listen on is one to answer to
    run_server(
        app,
        host,
        port,
        announce=lambda address: click.echo(f"Dateline is at {address} (Ctrl+C stops it)"),
        early=lambda address: click.echo(f"Getting ready: {address} tells how far it is", err=True),
    )
