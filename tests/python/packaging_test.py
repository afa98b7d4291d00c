"""`pip install .` into a clean environment, and what is there afterwards. Needs PyPI for the build's own requirements.

    packaging_test.py --source FOLDER

It promises: libtally is in the package once, under the name that is its SONAME; the command, the headers and the CMake
package work from there; an extension module that another project builds with them runs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = argparse.Namespace()

PROJECT = """
cmake_minimum_required(VERSION 3.22)
project(elsewhere LANGUAGES C CXX)
find_package(tallystick REQUIRED)
tallystick_add_interface(mirror DESCRIPTION "@SOURCE@/tests/cost/mirror.json")
tallystick_add_module(mirror_module INTERFACE mirror
  IMPLEMENTATION "@SOURCE@/tests/cost/probe.hpp" NAMESPACE mirror_module)
tallystick_add_python(mirror_python INTERFACE mirror OUTPUT "${CMAKE_BINARY_DIR}/python")
"""

PROGRAM = """
import sys, mirror, tallystick
with mirror.Module.load(sys.argv[1]) as module, mirror.Probe(module) as probe:
    memory = bytearray(64)
    assert probe.see_bytes(memory)
mapped = {line.split()[-1] for line in open("/proc/self/maps") if "libtally" in line}
assert len(mapped) == 1 and mapped.pop().endswith("/tallystick/lib/libtally.so.1"), mapped
print("fine")
"""


def run(*command: str | Path, **environment: str) -> str:
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env={**{k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "LD_PRELOAD")}, **environment},
    )
    if result.returncode:
        raise AssertionError(f"{command}: exit {result.returncode}\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}")
    return result.stdout


class Installed(unittest.TestCase):
    folder: tempfile.TemporaryDirectory[str]
    environment: Path
    package: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="tallystick-packaging-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.environment = Path(cls.folder.name) / "venv"
        run(sys.executable, "-m", "venv", cls.environment)
        build = f"build-dir={cls.folder.name}/build"
        run(cls.environment / "bin" / "pip", "install", "-q", "--config-settings", build, OPTIONS.source)
        run(cls.environment / "bin" / "pip", "install", "-q", "pybind11")
        cls.package = Path(cls.python("import tallystick; print(tallystick.__path__[0])").strip())

    @classmethod
    def python(cls, program: str, *arguments: str | Path, **environment: str) -> str:
        return run(cls.environment / "bin" / "python", "-c", program, *arguments, **environment)

    def test_the_package_is_imported_and_typed(self) -> None:
        self.python("import tallystick; assert tallystick.ledger() == []")
        self.assertTrue((self.package / "py.typed").is_file())
        self.assertTrue((self.package / "_core.pyi").is_file())

    def test_pytest_finds_the_plugin(self) -> None:
        names = "[each.value for each in importlib.metadata.entry_points(group='pytest11')]"
        self.assertIn("tallystick.pytest_plugin", self.python(f"import importlib.metadata; print({names})"))

    def test_libtally_is_there_once_under_its_own_name(self) -> None:
        copies = sorted(path.relative_to(self.package).as_posix() for path in self.package.rglob("*libtally*"))
        shared = [name for name in copies if ".so" in name]
        self.assertEqual([name for name in shared if "libtally_" not in name], ["lib/libtally.so.1"])
        for beside in ("symbols", "stacks"):
            self.assertIn([name for name in shared if beside in name], ([], [f"lib/libtally_{beside}.so.1"]))

    def test_the_command_is_a_script(self) -> None:
        self.assertIn("0.1", run(self.environment / "bin" / "tallystick", "--version"))
        self.assertIn("0.1", run(self.environment / "bin" / "python", "-m", "tallystick", "--version"))

    def test_another_project_finds_the_cmake_package(self) -> None:
        source = Path(self.folder.name) / "elsewhere"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(PROJECT.replace("@SOURCE@", str(OPTIONS.source)), encoding="utf-8")
        build = source / "build"
        found = self.python("import tallystick; print(tallystick.cmake_dir())").strip()
        pybind11 = self.python("import pybind11; print(pybind11.get_cmake_dir())").strip()
        run("cmake", "-S", source, "-B", build, f"-Dtallystick_DIR={found}", f"-Dpybind11_DIR={pybind11}",
            f"-DPython3_EXECUTABLE={self.environment}/bin/python")  # fmt: skip
        run("cmake", "--build", build)
        module = next(build.rglob("mirror_module.so"))
        self.assertEqual(self.python(PROGRAM, module, PYTHONPATH=str(build / "python")), "fine\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True, type=Path)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
