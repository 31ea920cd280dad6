"""What is shipped: the wheel carries everything that the package needs, and works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator" / "gazette"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the wheel's package is found before the checkout's."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    return os.environ | {"PYTHONPATH": str(target), "NO_MKDOCS_2_WARNING": "1", "GAZETTE_DAY": "2026-12-01"}


def run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert shipped == ours


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    folder = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA")).split("/")[0]
    metadata = archive.read(f"{folder}/METADATA").decode()
    entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    assert "Name: policy-gazette" in metadata
    assert "License-Expression: MIT" in metadata
    assert "gazette = gazette.cli:main" in entry_points
    assert "gazette = gazette.plugin:GazettePlugin" in entry_points


def test_a_site_is_begun_imported_and_built_with_the_wheel_alone(installed: dict[str, str], tmp_path: Path) -> None:
    gazette = [sys.executable, "-c", "from gazette.cli import main; main()"]
    where = run([sys.executable, "-c", "import gazette; print(gazette.__file__)"], tmp_path, installed)
    assert not where.startswith(str(PACKAGE))
    (tmp_path / "terms.md").write_text("# Terms\n\n## Use\n\nBe kind.\n\n## End\n\nLeave whenever you like.\n")
    run([*gazette, "init", "policies"], tmp_path, installed)
    site = tmp_path / "policies"
    run([*gazette, "import", "../terms.md", "--policy", "terms", "--published", "2026-11-02"], site, installed)
    run([*gazette, "verify"], site, installed)
    run([sys.executable, "-m", "mkdocs", "build", "--strict"], site, installed)
    assert "Be kind." in (site / "site" / "terms" / "index.html").read_text("utf-8")
