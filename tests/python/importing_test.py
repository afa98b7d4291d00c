"""What an import says when it can't succeed: which package, of which Python, and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import shop
import tallystick

PACKAGE = Path(tallystick.__file__).parent


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python, with that folder for PYTHONPATH."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stderr.splitlines()[-1]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, and of an extension module beside it."""
    shutil.copytree(PACKAGE, tmp_path / "tallystick")
    shutil.copy(str(shop.__file__), tmp_path)
    return tmp_path / "tallystick"


def test_a_package_for_another_python_is_named(package: Path) -> None:
    compiled = next(package.glob("_core.*.so"))
    compiled.rename(package / "_core.cpython-399-x86_64-linux-gnu.so")
    for program in ("import tallystick", "import shop"):
        said = last_line(run(package.parent, "-c", program))
        assert said.startswith("ImportError: "), said
        assert "tallystick was built for CPython 3.99 (found _core.cpython-399-x86_64-linux-gnu.so)" in said
        assert f"this is CPython {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})" in said
        assert "-DPython3_EXECUTABLE=" in said


def test_a_package_without_its_compiled_part_is_named(package: Path) -> None:
    next(package.glob("_core.*.so")).unlink()
    said = last_line(run(package.parent, "-c", "import tallystick"))
    assert said.startswith(f"ImportError: {package}: _core, the compiled part of tallystick, is not there")


def test_what_else_is_wrong_with_the_compiled_part_is_said_as_it_is(package: Path) -> None:
    next(package.glob("_core.*.so")).write_text("no library")
    assert "_core" in last_line(run(package.parent, "-c", "import tallystick"))


def test_an_extension_module_names_the_package_that_it_lacks(package: Path) -> None:
    shutil.rmtree(package)
    said = last_line(run(package.parent, "-c", "import shop"))
    assert said.startswith("ImportError: No module named 'tallystick': this extension module rests on the package")
    assert "PYTHONPATH" in said


def test_a_folder_of_that_name_is_not_the_package(package: Path) -> None:
    shutil.rmtree(package)
    package.mkdir()
    said = last_line(run(package.parent, "-c", "import shop"))
    assert "No module named 'tallystick._core': this extension module rests on the package" in said


def test_a_build_folder_has_no_installation(package: Path) -> None:
    said = last_line(run(package.parent, "-m", "tallystick", "--version"))
    assert said.startswith(f"python -m tallystick: {package}: this tallystick is the one of a build folder")
    for function in (tallystick.cmake_dir, tallystick.include_dir):
        with pytest.raises(FileNotFoundError, match="not installed"):
            function()
