"""The command line: what it prints, what it writes, and how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import geo
from geo.cli import DONE, FAILED, WRONG_USAGE, main
from geo.exports.write import FORMATS
from geo.settings import Settings

REPORT = "ALEPPO, Syria. The road from Damascus to Homs is open again, officials in Moscow said."


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("DATELINE_WORKSPACE", settings.workspace)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_without_arguments_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == WRONG_USAGE
    assert "dateline read report.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        *(
            ["serve"],
            ["read"],
            ["resolve"],
            ["footprint"],
            ["zones"],
            ["map"],
            ["brief"],
            ["export"],
            ["ingest"],
            ["watch"],
        ),
        *(["gazetteer"], ["gazetteer", "build"], ["gazetteer", "info"], ["gazetteer", "add"], ["evaluate"]),
    ],
)
def test_every_command_has_help_with_an_example(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == DONE
    assert f"Example:\n    dateline {command[0]}" in capsys.readouterr().out


def test_the_help_of_export_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--help"]) == DONE
    told = capsys.readouterr().out
    assert [suffix for suffix in FORMATS if f".{suffix}" not in told] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == DONE
    assert capsys.readouterr().out == f"dateline, version {geo.__version__}\n"


@pytest.mark.parametrize("group", [[], ["gazetteer"], ["workspace"]])
def test_lists_of_commands_are_not_cut_short(group: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*group, "--help"]) == DONE
    assert "..." not in capsys.readouterr().out.replace("[ARGS]...", "")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["read"], "Missing argument 'FILE…'"),
        (["zones", "--on", "2017-02-30"], "YYYY-MM-DD"),
        (["zones", "--on", "yesterday"], "YYYY-MM-DD"),
        (["export", "roads", "-o", "x.geojson"], "The layers are places"),
        (["export", "places", "-o", "x.geojson", "--bbox", "1,2,3"], "west,south,east,north"),
        (["export", "places"], "Missing option '-o'"),
        (["brief", "-o", "x.png", "--size", "huge"], "1920x1080"),
        (["brief", "-o", "x.png", "--layers", "places,roads"], "There is no layer 'roads'"),
        (["serve", "--port", "99999"], "65535"),
    ],
)
def test_wrong_usage_is_one_line_with_what_to_do(
    args: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(args) == WRONG_USAGE
    error = capsys.readouterr().err
    assert error.startswith("dateline: ")
    assert words in error
    assert error.count("\n") == 1
    assert not list(tmp_path.glob("x.*"))


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "There is no file"), (b"", "empty"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "PNG image")],
)
def test_what_cannot_be_read_is_one_line(
    content: bytes | None, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "report.txt").write_bytes(content)
    assert main(["read", "report.txt"]) == FAILED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


def test_what_cannot_be_read_does_not_stop_the_rest(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "missing.txt", str(report), "--format", "jsonl"]) == FAILED
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 1
    assert "missing.txt" in captured.err


def test_a_text_without_places_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dull.txt").write_text("Nothing happened at all today, and nobody minded.", encoding="utf-8")
    assert main(["read", "dull.txt"]) == DONE
    assert "no places" in capsys.readouterr().out


def test_read_prints_one_object_an_article(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(report), "--format", "jsonl"]) == DONE
    record = json.loads(capsys.readouterr().out)
    found = {mention["text"]: mention["place"] for mention in record["mentions"]}
    assert found["Damascus"]["country"] == "SY"
    assert found["Moscow"]["country"] == "RU"
    assert all(REPORT[m["start"] : m["end"]] == m["text"] for m in record["mentions"])


@pytest.mark.parametrize("format_", ["json", "geojson"])
def test_read_prints_other_json(report: Path, format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(report), "--format", format_]) == DONE
    assert json.loads(capsys.readouterr().out)


def test_read_prints_a_table_and_csv(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(report)]) == DONE
    assert "Damascus" in capsys.readouterr().out
    assert main(["read", str(report), "--format", "csv"]) == DONE
    assert capsys.readouterr().out.startswith("article,start,end,text")


def test_resolve_answers_in_the_order_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "Deraa", "Zzyzxqq", "--near", "Syria", "--format", "json"]) == DONE
    answers = json.loads(capsys.readouterr().out)
    assert [answer["query"] for answer in answers] == ["Deraa", "Zzyzxqq"]
    assert answers[0]["candidates"][0]["place"]["country"] == "SY"
    assert answers[1]["candidates"] == []


def test_resolve_says_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "Zzyzxqq"]) == DONE
    assert "no such place" in capsys.readouterr().out
    assert main(["resolve", "Homs", "--near", "Zzyzxqq"]) == FAILED
    assert "Zzyzxqq" in capsys.readouterr().err


def test_a_footprint_has_three_extents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["footprint", "the north of the province Homs"]) == DONE
    features = json.loads(capsys.readouterr().out)["features"]
    assert {feature["properties"]["extent"] for feature in features} == {"core", "zone", "possible"}
    assert main(["footprint", "the north of the province Homs", "--format", "wkt"]) == DONE
    assert capsys.readouterr().out.startswith("core\t")


@pytest.mark.parametrize("phrase", ["", "the north of Zzyzxqq"])
def test_a_phrase_that_cannot_be_drawn_is_one_line(phrase: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["footprint", phrase]) == FAILED
    assert capsys.readouterr().err.count("\n") == 1


def test_zones_of_a_day_to_a_file(tmp_path: Path) -> None:
    assert main(["zones", "--on", "2017-08-10", "--zone", "idlib", "-o", "z.geojson"]) == DONE
    features = json.loads((tmp_path / "z.geojson").read_bytes())["features"]
    assert {feature["properties"]["zone"] for feature in features} == {"idlib"}


def test_a_day_without_zones_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zones", "--on", "2001-01-01"]) == DONE
    captured = capsys.readouterr()
    assert json.loads(captured.out)["features"] == []
    assert "No zone held on 2001-01-01" in captured.err


def test_an_unknown_zone_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zones", "--zone", "atlantis"]) == FAILED
    assert "eastern-ghouta" in capsys.readouterr().err


def test_map_writes_one_page(report: Path, tmp_path: Path) -> None:
    assert main(["map", str(report), "-o", "map.html", "--on", "2017-08-10"]) == DONE
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Damascus" in page


def test_a_map_of_nothing_readable_is_not_written(tmp_path: Path) -> None:
    assert main(["map", "missing.txt", "-o", "map.html"]) == FAILED
    assert not (tmp_path / "map.html").exists()


def test_brief_draws_a_sheet_of_the_size_asked(report: Path, tmp_path: Path) -> None:
    assert main(["brief", str(report), "-o", "sheet.png", "--size", "960x540", "--made-on", "2017-08-10"]) == DONE
    header = (tmp_path / "sheet.png").read_bytes()[16:24]
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (960, 540)


@pytest.mark.parametrize(
    "args",
    [
        ["map", "-o", "missing/map.html"],
        ["brief", "-o", "missing/sheet.png"],
        ["zones", "-o", "missing/zones.geojson"],
        ["export", "places", "-o", "missing/places.gpkg"],
        ["evaluate", "gold.jsonl", "--page", "missing/page.html"],
        ["evaluate", "gold.jsonl", "--predictions", "missing/found.jsonl"],
    ],
)
def test_a_missing_folder_is_told_before_anything_is_read(
    args: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.pipeline.build_layers", pytest.fail)
    monkeypatch.setattr("geo.articles.reader.read_articles", pytest.fail)
    assert main(args) == FAILED
    assert "cannot be written: No such file or directory. Choose a folder that exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    "args", [["map", "-o", "-"], ["export", "mentions", "-o", "-"], ["workspace", "backup", "-"], ["brief", "-o", "-"]]
)
def test_no_file_is_called_as_standard_output_is(args: list[str], tmp_path: Path) -> None:
    assert main(args) == WRONG_USAGE
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("command", [["map"], ["evaluate", "--page"], ["evaluate", "--predictions"]])
def test_what_is_read_is_not_written_over(
    command: list[str], report: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name, *option = command
    assert main([name, str(report), *(option or ["-o"]), f"../{tmp_path.name}/report.txt"]) == FAILED
    assert "is read, and would be lost. Write to another file." in capsys.readouterr().err
    assert report.read_text(encoding="utf-8") == REPORT


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["brief", "missing.txt", "-o", "sheet.docx"], ".png, .svg, .pdf, .pptx"),
        (["export", "places", "-o", "places.docx", "--workspace", "nothing"], ".geojson, .gpkg"),
        (["export", "places", "-o", "places", "--workspace", "nothing"], ".geojson, .gpkg"),
        (["zones", "-o", "."], "'.' does not end"),
    ],
)
def test_an_unknown_suffix_is_refused_before_anything_is_read(
    args: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == WRONG_USAGE
    assert words in capsys.readouterr().err


def test_a_clock_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    assert main(["brief", "missing.txt", "-o", "sheet.png"]) == FAILED
    assert "SOURCE_DATE_EPOCH is 'noon'" in capsys.readouterr().err


def test_an_empty_workspace_exports_the_samples(tmp_path: Path) -> None:
    assert main(["export", "places", "-o", "places.geojson"]) == DONE
    names = {f["properties"]["name"] for f in json.loads((tmp_path / "places.geojson").read_bytes())["features"]}
    assert {"Syria", "Astana"} <= names


def test_ingest_stores_an_article_once(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(report)]) == DONE
    assert main(["ingest", str(report)]) == DONE
    assert "1 there already" in capsys.readouterr().out


def test_ingest_lists_what_failed(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(report), "missing.txt"]) == FAILED
    assert "missing.txt" in capsys.readouterr().err


def test_ingest_dry_stores_nothing(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["ingest", str(report), "--dry-run"]) == DONE
        assert "Nothing was stored. 1 article read: 1 new" in capsys.readouterr().out


def test_ingest_reports_as_json(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(report), "missing.txt", "--json"]) == FAILED
    found = json.loads(capsys.readouterr().out)
    assert (found["read"], found["new"], found["near"], found["failed"]) == (1, 1, 0, 1)
    assert found["failures"][0]["source"] == "missing.txt"


def test_files_of_other_kinds_are_told_and_are_no_failure(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report.parent / "picture.png").write_bytes(b"no report")
    assert main(["ingest", str(report.parent)]) == DONE
    assert "1 .png file(s) passed over, such as picture.png" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["read"], ["ingest"]])
def test_a_date_that_is_none_is_told_and_is_no_failure(
    command: list[str], report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = report.parent / "corpus.csv"
    corpus.write_text("text,date\nA truce in Homs.,notadate\n", encoding="utf-8")
    assert main([*command, str(corpus)]) == DONE
    assert 'kept without their dates, which are no full dates, such as "notadate"' in capsys.readouterr().err


def test_watch_reads_what_is_there(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for expected in ("1 new", ""):
        assert main(["watch", str(report), "--once"]) == DONE
        assert expected in capsys.readouterr().out


def test_gazetteer_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gazetteer", "info", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["places"] > 200_000


def test_resolve_stays_light() -> None:
    code = "import sys; from geo.cli import main; main(['resolve', 'Deraa']); print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"geopandas", "pandas", "shapely", "folium", "matplotlib", "sklearn", "sqlalchemy", "flask"}
    assert not heavy & set(run.stdout.splitlines())


def test_a_closed_pipe_is_no_error() -> None:
    run = subprocess.run(
        f"{sys.executable} -c 'from geo.cli import main; raise SystemExit(main([\"zones\"]))' | head -c 1",
        shell=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("args", ["['zones']", "['--help']"])
def test_a_full_disk_behind_the_output_is_a_plain_error(args: str) -> None:
    code = f"from geo.cli import main; raise SystemExit(main({args}))"
    with Path("/dev/full").open("w") as full:
        run = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    told = "dateline: The output cannot be written or read: No space left on device."
    assert (run.returncode, run.stderr[: len(told)], run.stderr.count("\n")) == (FAILED, told, 1)
