"""What is installed is whole: the wheel, in an environment with nothing else of ours."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "catalogue"


def pip(*arguments: str, python: str = sys.executable) -> None:
    """Set-up, not test: asks the package index as README's commands do."""
    ran = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        skip_or_fail("tools", f"pip {arguments[0]} failed: {ran.stderr.strip()[-300:]}")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (made,) = folder.glob("mars_image_catalogue-*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert names == {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.slow
def test_the_main_job_runs_from_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    python = tmp_path / "env" / "bin" / "python"
    pip("install", str(wheel), python=str(python))

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            [str(python.with_name("catalogue")), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,  # not the checkout, whose package must not be found
            env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    run("harvest", str(ROOT / "data" / "sample"))
    run("gallery", "--to", "gallery")

    assert len(run("search", "spacecraft:mro", "--ids").split()) == 4
    assert (tmp_path / "gallery" / "index.html").exists()
