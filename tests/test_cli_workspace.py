from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from reading_cast import SOME

from geo.cli import DONE, FAILED, WRONG_USAGE, main
from geo.workspace.transfer import digest
from geo.workspace.workspace import open_workspace


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A filled workspace, which the settings name."""
    address = f"sqlite:///{tmp_path / 'workspace.db'}"
    monkeypatch.setenv("DATELINE_WORKSPACE", address)
    with open_workspace(address) as workspace:
        workspace.add_all(SOME)
    return address


@pytest.mark.parametrize("name", ["check", "backup", "restore", "export", "import"])
def test_every_command_shows_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workspace", name, "--help"]) == DONE
    assert f"dateline workspace {name}" in capsys.readouterr().out


def test_a_sound_workspace_is_told_so(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workspace", "check"]) == DONE
    assert capsys.readouterr().out == "The workspace is sound: 31 articles.\n"


def test_what_is_wrong_fails_the_check(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as store:
        store.execute("UPDATE contents SET text = 'another' WHERE article = 1")
    store.close()
    assert main(["workspace", "check"]) == FAILED
    assert "1 texts are not what was stored: id of Item 0" in capsys.readouterr().err


@pytest.mark.parametrize(("out", "back"), [("backup", "restore"), ("export", "import")])
def test_what_goes_out_comes_back(
    out: str, back: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = str(tmp_path / "saved.gz"), f"sqlite:///{tmp_path / 'other.db'}"
    assert main(["workspace", out, path]) == DONE
    assert main(["workspace", back, path, "--workspace", other]) == DONE
    assert "31" in capsys.readouterr().out
    with open_workspace(url) as one, open_workspace(other) as two:
        assert digest(one) == digest(two)


@pytest.mark.parametrize("command", ["backup", "export"])
def test_the_workspace_is_not_written_over(
    command: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["workspace", command, str(tmp_path / "workspace.db")]) == FAILED
    assert "is the workspace itself. Give the path of another file." in capsys.readouterr().err
    assert main(["workspace", "check"]) == DONE


def test_errors_are_one_line(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workspace", "restore", "missing.db"]) == FAILED
    assert main(["workspace", "backup"]) == WRONG_USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert first == "dateline: There is no file missing.db. Check the path."
    assert "Missing argument 'FILE'" in second
