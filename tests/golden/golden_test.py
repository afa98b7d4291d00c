"""The goldens: what the generator writes is what is committed, wherever and however often it runs, and it compiles.

    golden_test.py --tallystick COMMAND --c-compiler COMMAND... --cxx-compiler COMMAND...
                   [--python-include FOLDER] [Files|Compile]

A difference that is meant: tests/golden/update.
"""

import argparse
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

GOLDEN = pathlib.Path(__file__).resolve().parent
ROOT = GOLDEN.parent.parent
EXPECTED = GOLDEN / "expected"
DESCRIPTIONS = {"codec": ROOT / "examples" / "codec" / "codec.json", "everything": GOLDEN / "everything.json",
                "ownership": GOLDEN / "ownership.json"}
OPTIONS = None


def generate(description, out, cwd=None, environment=None):
    subprocess.run([OPTIONS.tallystick, "gen", description, "--out", out], check=True, cwd=cwd,
                   stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file()}


def difference(name, expected, made):
    lines = (text.decode("utf-8", "backslashreplace").splitlines(keepends=True) for text in (expected, made))
    return "".join(difflib.unified_diff(*lines, f"expected/{name}", f"generated/{name}"))


def another_locale():
    """Turkish, whose i has a capital of its own, where it is installed."""
    found = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return next((name for name in found if name.lower().replace("-", "") == "tr_tr.utf8"), "C")


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-golden-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assert_same(self, expected, made):
        self.assertEqual(sorted(expected), sorted(made))
        differences = "".join(difference(name, expected[name], made[name])
                              for name in expected if expected[name] != made[name])
        self.assertFalse(differences, f"\n{differences}\nIf that is meant, run tests/golden/update.")


class Files(Case):
    def test_the_files_are_the_committed_ones(self):
        for interface, description in DESCRIPTIONS.items():
            with self.subTest(interface):
                generate(description, self.folder / interface)
                self.assert_same(files(EXPECTED / interface), files(self.folder / interface))

    def test_every_description_has_goldens_and_no_others(self):
        self.assertEqual(sorted(path.name for path in EXPECTED.iterdir() if path.is_dir()), sorted(DESCRIPTIONS))

    def test_a_second_run_over_the_first_changes_nothing(self):
        for interface, description in DESCRIPTIONS.items():
            with self.subTest(interface):
                out = self.folder / interface
                generate(description, out)
                first = files(out)
                generate(description, out)
                self.assert_same(first, files(out))

    def test_place_locale_and_name_of_the_file_do_not_matter(self):
        elsewhere = self.folder / "a folder with a space"
        elsewhere.mkdir()
        for interface, description in DESCRIPTIONS.items():
            with self.subTest(interface):
                shutil.copy(description, elsewhere / "another name.json")
                generate("another name.json", pathlib.Path("out", interface), cwd=elsewhere,
                         environment={"LC_ALL": another_locale(), "TZ": "Asia/Kathmandu", "HOME": "/nowhere"})
                self.assert_same(files(EXPECTED / interface), files(elsewhere / "out" / interface))


class Compiling(Case):
    """What both of the following do."""

    WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-fsyntax-only"]
    INCLUDES = [ROOT / "abi" / "include", ROOT / "bindings" / "cpp" / "include"]

    def compile(self, compiler, standard, source, options=()):
        includes = [f"-I{path}" for path in [*self.INCLUDES, *(EXPECTED / name for name in DESCRIPTIONS)]]
        result = subprocess.run([compiler, f"-std={standard}", *self.WARNINGS, *options, *includes, source],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, f"{compiler} -std={standard} {source.name}:\n{result.stderr}")

    def include(self, header, suffix, uses=""):
        source = self.folder / f"{header.replace('.', '_')}.{suffix}"
        source.write_text(f'#include "{header}"\n{uses}', encoding="utf-8")
        return source


class Compile(Compiling):
    """Generated headers are clean by themselves, as the oldest and the newest language that they promise."""

    def test_c_headers(self):
        for interface in DESCRIPTIONS:
            for compiler in OPTIONS.c_compiler:
                for standard in ("c99", "c2x"):
                    self.compile(compiler, standard, self.include(f"{interface}.h", "c"))

    def test_c_headers_in_cpp(self):
        for interface in DESCRIPTIONS:
            for compiler in OPTIONS.cxx_compiler:
                for standard in ("c++11", "c++2b"):
                    self.compile(compiler, standard, self.include(f"{interface}.h", "cpp"))

    def test_wrappers(self):
        for interface in DESCRIPTIONS:
            for compiler in OPTIONS.cxx_compiler:
                for standard in ("c++17", "c++2b"):
                    self.compile(compiler, standard, self.include(f"{interface}.hpp", "cpp"))

    def test_defaults_are_values_of_their_types(self):
        types = {"YES": "tally_bool", "NO": "tally_bool", "TINY": "int8_t", "SMALL": "int16_t", "MEDIUM": "int32_t",
                 "LARGE": "int64_t", "TINY_UNSIGNED": "uint8_t", "SMALL_UNSIGNED": "uint16_t",
                 "MEDIUM_UNSIGNED": "uint32_t", "LARGE_UNSIGNED": "uint64_t", "SINGLE": "float",
                 "DOUBLE_PRECISION": "double", "FAVOUR": "everything_mode", "NAME": "const char *"}
        uses = "".join(f"extern const {kind} {name};\nconst {kind} {name} = EVERYTHING_NUMBERS_CREATE_{name}_DEFAULT;\n"
                       for name, kind in types.items()).replace("const const", "const")
        for compiler in OPTIONS.c_compiler:
            for standard in ("c99", "c2x"):
                self.compile(compiler, standard, self.include("everything.h", "c", uses))

class CompilePython(Compiling):
    """The same of extension modules, where Python's headers are."""

    def test_python_extensions(self):
        options = [f"-I{ROOT / 'bindings' / 'python' / 'include'}", "-isystem", OPTIONS.python_include]
        for interface in DESCRIPTIONS:
            for compiler in OPTIONS.cxx_compiler:
                for standard in ("c++17", "c++2b"):
                    self.compile(compiler, standard, EXPECTED / interface / f"{interface}_python.cpp", options)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tallystick", required=True)
    parser.add_argument("--c-compiler", action="append", default=[])
    parser.add_argument("--cxx-compiler", action="append", default=[])
    parser.add_argument("--python-include")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
