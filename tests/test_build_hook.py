import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

hatch_build = pytest.importorskip("hatch_build", reason="hatchling is not installed")


def done(code: int = 0, stderr: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(["npm"], code, "", stderr)


class FakeNpm:
    """Installs every wanted file but those left out; counts its calls."""

    def __init__(self, without: str = "") -> None:
        self.calls: list[list[str]] = []
        self.without = without

    def __call__(self, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        self.calls.append(arguments)
        for wanted in hatch_build.WANTED:
            file = folder / "node_modules" / wanted
            file.parent.mkdir(parents=True, exist_ok=True)
            if wanted != self.without:
                file.write_text(wanted)
        return done()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in hatch_build.NPM_FILES:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def test_assets_carry_their_licence(checkout: Path) -> None:
    assert hatch_build.make_assets(checkout, FakeNpm())
    assert (checkout / hatch_build.ASSETS / "leaflet/LICENSE").is_file()
    assert (checkout / hatch_build.ASSETS / "leaflet/leaflet.js").read_text() == "leaflet/dist/leaflet.js"


def test_scripts_of_packages_never_run(checkout: Path) -> None:
    npm = FakeNpm()
    hatch_build.make_assets(checkout, npm)
    assert "--ignore-scripts" in npm.calls[0]


def test_up_to_date_assets_are_left_alone(checkout: Path) -> None:
    npm = FakeNpm()
    actual = [hatch_build.make_assets(checkout, npm) for _ in range(2)]
    assert actual == [True, False]
    assert len(npm.calls) == 1


def test_a_changed_lock_file_renews_the_assets(checkout: Path) -> None:
    hatch_build.make_assets(checkout, FakeNpm())
    (checkout / "package-lock.json").write_text("{}")
    assert hatch_build.make_assets(checkout, FakeNpm())


def test_a_deleted_file_renews_the_assets(checkout: Path) -> None:
    hatch_build.make_assets(checkout, FakeNpm())
    (checkout / hatch_build.ASSETS / "leaflet/leaflet.css").unlink()
    assert hatch_build.make_assets(checkout, FakeNpm())


def test_a_failing_npm_leaves_nothing_and_says_what_to_do(checkout: Path) -> None:
    with pytest.raises(RuntimeError, match=r"exit code 1.*no network.*registry"):
        hatch_build.make_assets(checkout, lambda arguments, folder: done(1, "no network"))
    assert not (checkout / hatch_build.ASSETS).exists()


def test_a_package_without_a_wanted_file_is_an_error(checkout: Path) -> None:
    with pytest.raises(RuntimeError, match=r"leaflet\.css"):
        hatch_build.make_assets(checkout, FakeNpm(without="leaflet/dist/leaflet.css"))


def test_the_lock_file_names_hashes_but_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = [package for path, package in packages.items() if path]
    assert locked
    assert all(package["integrity"].startswith("sha512-") for package in locked)
    assert not any("resolved" in package for package in locked)


def test_no_asset_is_committed() -> None:
    assert "geo/webmap/assets/" in (ROOT / ".gitignore").read_text().splitlines()
