"""The README's examples do what it says."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from geo.cli import DONE, main
from geo.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ dateline (.+)$", README, flags=re.MULTILINE)
PYTHON = re.findall(r"```python\n(.+?)```", README, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def folder(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder with the sample articles where the README's commands look for them."""
    monkeypatch.setenv("DATELINE_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("DATELINE_WORKSPACE", settings.workspace)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def test_there_are_at_least_five_examples() -> None:
    assert len(COMMANDS) >= 5
    assert PYTHON


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_succeeds(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = shlex.split(command)
    assert main(args) == DONE
    written = folder / args[args.index("-o") + 1] if "-o" in args else None
    assert written.stat().st_size > 0 if written else capsys.readouterr().out


@pytest.mark.parametrize("code", PYTHON)
def test_the_python_runs(code: str, folder: Path) -> None:
    exec(compile(code, "README.md", "exec"), {})
    assert (folder / "map.html").stat().st_size > 0


def test_every_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(((?!https?://)[^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_two_commands_are_scripts() -> None:
    commands = re.findall(r"```sh\n(.+?)\n```", README)
    assert commands == ["scripts/serve", "scripts/test"]
    assert all((ROOT / command).stat().st_mode & 0o111 for command in commands)


def test_the_extras_it_names_are_there_and_pip_to_install_them() -> None:
    named = re.findall(r"pip install 'dateline\[(.+?)\]'", README)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert named
    assert {name for names in named for name in names.split(",")} <= set(extras)
    assert "\npip==" in (ROOT / "requirements" / "serve.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").glob("*.py")), ids=lambda path: path.stem)
def test_a_script_of_the_repository_looks_at_its_arguments_before_it_writes(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    assert "parse_args(" in source or "sys.argv" in source
