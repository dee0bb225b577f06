"""Settings: read once, from variables and flags."""

import re
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.settings import Settings, data_dir, load_settings, setting_docs

DOCS = Path(__file__).parent.parent / "docs"
VARIABLE = re.compile(r'''(?:environ(?:\.get\(|\[)|getenv\(|^_[A-Z]+ = )"([A-Z][A-Z_]{2,}[A-Z])"''', re.MULTILINE)
"""Reads of the environment, by a name or by a constant of the module."""


def test_without_variables_the_defaults_hold() -> None:
    actual = load_settings({})
    assert actual.workspace.startswith("sqlite:///")
    assert actual.online_tiles is False


def test_variables_are_converted() -> None:
    actual = load_settings({"DATELINE_CACHE_DIR": "/somewhere", "DATELINE_ONLINE_TILES": "1"})
    assert actual.cache_dir == Path("/somewhere")
    assert actual.online_tiles is True


def test_flags_outrank_variables_and_none_is_no_flag() -> None:
    actual = load_settings({"DATELINE_WORKSPACE": "sqlite:///a.db"}, workspace="sqlite:///b.db", log_level=None)
    assert actual.workspace == "sqlite:///b.db"
    assert actual.log_level == "WARNING"


def test_an_empty_variable_counts_as_unset() -> None:
    assert load_settings({"DATELINE_BOUNDARIES": ""}).boundaries is None


def test_a_wrong_value_names_the_variable_and_the_remedy() -> None:
    with pytest.raises(InputError, match=r"DATELINE_ONLINE_TILES is 'maybe'.*1 or 0"):
        load_settings({"DATELINE_ONLINE_TILES": "maybe"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LOG", "xml"), ("LOG_LEVEL", "info"), ("TRUSTED_PROXIES", "-1"), ("TRUSTED_PROXIES", "9" * 5000)],
)
def test_a_value_outside_its_range_is_refused(variable: str, value: str) -> None:
    with pytest.raises(InputError, match=f"DATELINE_{variable}"):
        load_settings({f"DATELINE_{variable}": value})


def test_a_misspelt_name_is_told_with_the_right_one() -> None:
    with pytest.raises(InputError, match=r"DATELINE_REVIEW is no setting.*DATELINE_REVIEWS\?"):
        load_settings({"DATELINE_REVIEW": "0"})


def test_variables_of_others_are_left_alone() -> None:
    others = {"DATELINE_SERVICE_HOST": "10.0.0.1", "DATELINE_PORT_8000_TCP": "tcp://10.0.0.1:8000", "REVIEW": "0"}
    assert load_settings(others) == load_settings({})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:p@h/d\n", encoding="utf-8")
    actual = load_settings({"DATELINE_WORKSPACE_FILE": str(tmp_path / "url")})
    assert actual.workspace == "postgresql://u:p@h/d"
    assert "u:p" not in repr(actual)


def test_a_missing_secret_says_what_to_do() -> None:
    with pytest.raises(InputError, match="DATELINE_WORKSPACE_FILE"):
        load_settings({"DATELINE_WORKSPACE_FILE": "/nowhere/url"})


def test_every_setting_is_documented_as_it_is_defined(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    rows = [
        f"| `{variable}` | {told} | {shown(getattr(Settings(), variable.removeprefix('DATELINE_').lower()))} |"
        for variable, told in setting_docs().items()
    ]
    assert "\n".join(rows) in page


def shown(value: object) -> str:
    """Return a default as the page gives it."""
    if value is None or value == "":
        return "none"
    text = str(int(value) if isinstance(value, bool) else value)
    return f"`{text.replace(str(Path.home()), '~')}`"


def test_every_variable_that_the_program_reads_is_documented() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    files = [file for folder in ("geo", "webapp", "deploy") for file in (DOCS.parent / folder).rglob("*.py")]
    read = {name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    assert {"SOURCE_DATE_EPOCH", "PROMETHEUS_MULTIPROC_DIR", "WEB_CONCURRENCY", "BIND"} <= read
    assert [name for name in sorted(read) if f"| `{name}` |" not in page] == []


def test_the_data_folder_is_there() -> None:
    assert (data_dir() / "shapes" / "README.md").is_file()
