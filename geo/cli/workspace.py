"""``dateline workspace``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.parameters import PATH, settings_of, workspace_option
from geo.cli.talk import FAILED, complain, wrote

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace

_path = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
_target = click.argument("path", metavar="FILE", type=PATH)


@click.group()
def workspace() -> None:
    """Check, back up, restore, export and import the workspace.

    \b
    Example:
      dateline workspace backup saved.db
    """


@workspace.command("check")
@workspace_option
def workspace_check(workspace: str | None) -> None:
    """Look whether the workspace is sound.

    What is wrong is listed with what to do.

    \b
    Example:
      dateline workspace check
    """
    from geo.workspace.check import check

    with _opened(workspace) as opened, _bar() as show:
        found = check(opened, show.what)
        count = opened.count()
    for finding in found:
        complain(str(finding))
    if found:
        sys.exit(FAILED)
    click.echo(f"The workspace is sound: {_articles(count)}.")


@workspace.command("backup")
@_target
@workspace_option
def workspace_backup(path: Path, workspace: str | None) -> None:
    """Write all that is kept to FILE, while in use.

    Of an SQLite workspace it is a copy of the database, of PostgreSQL an export (.jsonl.gz); restore takes both.

    \b
    Example:
      dateline workspace backup saved.db
      dateline workspace backup saved.jsonl.gz --workspace postgresql://user@host/database
    """
    from geo.workspace.backup import backup

    with _opened(workspace) as opened, _bar() as show:
        backup(opened, path, show.pages)
    wrote(path)


@workspace.command("restore")
@_path
@click.option("--replace", is_flag=True, help="Put the backup in the place of what is in the workspace.")
@workspace_option
def workspace_restore(path: Path, replace: bool, workspace: str | None) -> None:
    """Bring back what a backup or an export holds.

    The workspace must be empty, or --replace given. A damaged backup is refused before anything is changed.

    \b
    Example:
      dateline workspace restore saved.db --replace
    """
    from geo.workspace.backup import restore

    with _opened(workspace) as opened, _bar() as show:
        restore(opened, path, replace=replace, progress=show.pages)
        count = opened.count()
    click.echo(f"Restored {_articles(count)}.")


@workspace.command("export")
@_target
@workspace_option
def workspace_export(path: Path, workspace: str | None) -> None:
    """Write all that is kept as JSONL.

    FILE is a .jsonl.gz file or a new folder; the same content gives the same bytes.

    \b
    Example:
      dateline workspace export all.jsonl.gz
    """
    from geo.workspace.transfer import export_to

    with _opened(workspace) as opened, _bar(opened.count()) as show:
        count = export_to(opened, path, show.articles)
    wrote(path)
    click.echo(f"{_articles(count)}.")


@workspace.command("import")
@_path
@workspace_option
def workspace_import(path: Path, workspace: str | None) -> None:
    """Add what an export holds.

    What is there already stays as it is.

    \b
    Example:
      dateline workspace import all.jsonl.gz
    """
    from geo.workspace.transfer import import_from

    with _opened(workspace) as opened, _bar() as show:
        report = import_from(opened, path, show.articles)
    click.echo(report.summary())


def _articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"


@contextmanager
def _opened(url: str | None) -> Iterator[Workspace]:
    from geo.workspace.workspace import open_workspace

    with open_workspace(settings_of(url).workspace) as opened:
        yield opened


class _Bar:
    """A progress bar on stderr, where that is a terminal."""

    def __init__(self, total: int | None) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, unit=" articles", disable=None, file=sys.stderr, leave=False)
        self.close: Callable[[], None] = self._bar.close

    def what(self, name: str) -> None:
        """Say what is looked at."""
        self._bar.set_description(name)

    def articles(self, done: int) -> None:
        """Go on by articles."""
        self._bar.update(done - self._bar.n)

    def pages(self, done: int, total: int) -> None:
        """Go on by pages of a database, or by articles where their number is not known."""
        if total:
            self._bar.unit, self._bar.total = " pages", total
        self._bar.update(done - self._bar.n)


@contextmanager
def _bar(total: int | None = None) -> Iterator[_Bar]:
    bar = _Bar(total)
    try:
        yield bar
    finally:
        bar.close()
