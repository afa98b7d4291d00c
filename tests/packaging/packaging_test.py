"""An installed Tallystick: what is in it, what its libraries export, and that another project builds with it.

    packaging_test.py --build FOLDER --prefix FOLDER [--python COMMAND] Install|Use|UsePython|Mistakes

Install installs the build folder to the prefix; the others and tests/readme then use what is there. UsePython needs --python, the
command for the Python that extension modules are built for.
"""

import argparse
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import consumer

PROJECT = pathlib.Path(__file__).resolve().parent / "project"
OPTIONS = None

LEDGER = """module  class               issued    retired       live
abacus  counter.counter          1          1          0
abacus  blob                     1          1          0
"""


def exports(library):
    """The symbols that a library defines for others, without their versions."""
    lines = consumer.command("nm", "--dynamic", "--defined-only", "--format=posix", library).splitlines()
    kinds = {line.split()[0].partition("@")[0]: line.split()[1] for line in lines}
    return sorted(name for name, kind in kinds.items() if kind != "A")


def dynamic(library):
    """What the dynamic section says, as (tag, value)."""
    return re.findall(r"\((\w+)\)\s+(.*)", consumer.command("readelf", "--wide", "--dynamic", library))


def cpp_libraries(binary):
    """What it needs of a C++ runtime library: symbols, and the library itself. A sanitizer brings that one along."""
    undefined = consumer.command("nm", "--dynamic", "--undefined-only", "--with-symbol-versions", binary).split()
    symbols = [name for name in undefined if "@GLIBCXX" in name or "@CXXABI" in name]
    if "-fsanitize" in consumer.cache(OPTIONS.build).get("CMAKE_CXX_FLAGS", ""):
        return symbols
    return symbols + [value for tag, value in dynamic(binary) if tag == "NEEDED" and "++" in value]


class Install(unittest.TestCase):
    """Runs first, and leaves the prefix for the others."""

    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(OPTIONS.prefix)
        shutil.rmtree(cls.prefix, ignore_errors=True)
        consumer.install(OPTIONS.build, cls.prefix)

    def one(self, name):
        found = [path for path in self.prefix.rglob(name) if path.is_file() and not path.is_symlink()]
        self.assertEqual(len(found), 1, f"{name}: {found}")
        return found[0]

    def test_everything_that_a_project_needs_is_there(self):
        for name in ("tally.h", "core.h", "module.hpp", "own.hpp", "table.hpp", "interface.schema.json", "tallystick",
                     "libtallystick_host.a", "libtallystick_runtime.a", "tallystick-config.cmake",
                     "tallystick-config-version.cmake", "Tallystick.cmake", "module.cpp.in", "module.map.in"):
            with self.subTest(name):
                self.one(name)

    def test_the_command_runs(self):
        self.assertRegex(consumer.command(self.one("tallystick"), "--version"), r"\d+\.\d+\.\d+")

    def test_nothing_names_the_folder_that_it_was_built_in(self):
        for path in self.prefix.rglob("*.cmake"):
            self.assertNotIn(str(OPTIONS.build), path.read_text(encoding="utf-8"), path)

    def test_libtally_exports_one_symbol(self):
        self.assertEqual(exports(self.prefix / "lib" / "libtally.so.1"), ["tally_core_entry"])

    def test_libtally_has_its_name_for_good_and_stays_loaded(self):
        section = dynamic(self.prefix / "lib" / "libtally.so.1")
        self.assertIn(("SONAME", "Library soname: [libtally.so.1]"), section)
        self.assertTrue(any(tag == "FLAGS_1" and "NODELETE" in value for tag, value in section), section)

    def test_libtally_needs_no_cpp_library(self):
        self.assertEqual(cpp_libraries(self.prefix / "lib" / "libtally.so.1"), [])


class Unpacked(unittest.TestCase):
    """A copy of the prefix at another place, as a package is unpacked anywhere."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-packaging-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "prefix"
        shutil.copytree(OPTIONS.prefix, cls.prefix, symlinks=True)


class Use(Unpacked):
    """What another project makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build = cls.folder / "build"
        consumer.make(OPTIONS.build, PROJECT, cls.build, cls.prefix)
        cls.module = cls.build / "abacus.so"

    def assert_says(self, program, line, *arguments):
        result = subprocess.run([self.build / program, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual((result.stdout, result.stderr, result.returncode), (f"{line}\n{LEDGER}", "", 0))

    def test_a_linked_c_program(self):
        self.assert_says("linked_c", "linked.c: It is 42 now.")

    def test_a_linked_cpp_program(self):
        self.assert_says("linked_cpp", "linked.cpp: It is 42 now.")

    def test_a_loading_c_program(self):
        self.assert_says("loaded_c", "loaded.c: It is 42 now.", self.module)

    def test_a_loading_cpp_program(self):
        self.assert_says("loaded_cpp", "loaded.cpp: It is 42 now.", self.module)

    def test_tests_are_checked(self):
        right = subprocess.run([self.build / "checked", "--gtest_filter=*.GivesBack"], capture_output=True, text=True, check=False)
        self.assertEqual((right.stderr, right.returncode), ("", 0), right.stdout)
        wrong = subprocess.run([self.build / "checked"], capture_output=True, text=True, check=False)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("tallystick: this test has left 1 object behind:\n  1 x counter.counter of abacus, created at checked+0x", wrong.stdout)

    def test_the_module_exports_its_functions_and_its_entry(self):
        functions = ["add", "create", "destroy", "id", "ref", "same", "show", "try_destroy"]
        self.assertEqual(exports(self.module),
                         [*(f"counter_counter_{name}" for name in functions), "counter_linked_api", "tally_module_entry"])

    def test_a_c_program_needs_no_cpp_library_of_its_own(self):
        self.assertEqual(cpp_libraries(self.build / "loaded_c"), [])
        self.assertNotEqual(cpp_libraries(self.build / "loaded_cpp"), [])


class UsePython(Unpacked):
    """The Python package in it."""

    def test_python_finds_the_rest(self):
        packages = ":".join(map(str, self.prefix.rglob("site-packages")))
        python = ["env", f"PYTHONPATH={packages}", *shlex.split(OPTIONS.python)]
        self.assertRegex(consumer.command(*python, "-m", "tallystick", "--version"), r"\d+\.\d+\.\d+")
        folders = consumer.command(*python, "-c", "import tallystick as t; print(t.cmake_dir(), t.include_dir(), sep='\\n')")
        cmake, include = map(pathlib.Path, folders.splitlines())
        self.assertEqual(cmake, self.prefix.resolve() / "lib" / "cmake" / "tallystick")
        self.assertTrue(cmake.joinpath("tallystick-config.cmake").is_file())
        self.assertTrue(include.joinpath("tally", "tally.h").is_file())


class Mistakes(unittest.TestCase):
    """What is wrong in a project's calls is said when it is configured."""

    NOTES = '{ "interface": "notes", "version": "1.0", "classes": { "note": { "create": {} } } }'

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-packaging-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.joinpath("notes.json").write_text(self.NOTES, encoding="utf-8")

    def configure(self, calls):
        """How CMake ends, and what it says, in one line."""
        project = f"cmake_minimum_required(VERSION 3.22)\nproject(p LANGUAGES NONE)\nfind_package(tallystick)\n{calls}\n"
        self.folder.joinpath("CMakeLists.txt").write_text(project, encoding="utf-8")
        variables = consumer.cache(OPTIONS.build)
        result = subprocess.run([variables["CMAKE_COMMAND"], "-S", self.folder, "-B", self.folder / "build",
                                 "-G", variables["CMAKE_GENERATOR"],
                                 f"-DCMAKE_MAKE_PROGRAM={variables['CMAKE_MAKE_PROGRAM']}",
                                 f"-DCMAKE_PREFIX_PATH={pathlib.Path(OPTIONS.prefix).absolute()}"],
                                capture_output=True, text=True, check=False)
        return result.returncode, " ".join((result.stdout + result.stderr).split())

    def assert_refused(self, calls, *said):
        code, output = self.configure(calls)
        self.assertNotEqual(code, 0)
        for each in said:
            self.assertIn(each, output)

    def assert_accepted(self, calls):
        code, output = self.configure(calls)
        self.assertEqual(code, 0, output)

    def test_a_target_that_is_not_called_like_its_interface(self):
        self.assert_refused("tallystick_add_interface(mynotes DESCRIPTION notes.json)",
                            "tallystick_add_interface(mynotes): the interface in",
                            "is called notes, not mynotes: give the target that name, or add INTERFACE notes")
        self.assert_refused("tallystick_add_interface(notes DESCRIPTION notes.json INTERFACE other)",
                            "is called notes, not other")
        self.assert_accepted("tallystick_add_interface(mynotes DESCRIPTION notes.json INTERFACE notes)")

    def test_a_description_with_comments_and_one_that_is_wrong(self):
        commented = self.NOTES.replace("{", '// "interface": "x"\n{ /* "interface": "y"; [ */', 1)
        self.folder.joinpath("notes.json").write_text(commented, encoding="utf-8")
        self.assert_accepted("tallystick_add_interface(notes DESCRIPTION notes.json)")
        self.assert_refused("tallystick_add_interface(x DESCRIPTION notes.json)", "is called notes, not x")
        self.folder.joinpath("notes.json").write_text("{ \"interface\": 7,", encoding="utf-8")
        self.assert_accepted("tallystick_add_interface(notes DESCRIPTION notes.json)")

    def test_a_description_that_is_not_there(self):
        self.assert_refused("tallystick_add_interface(nodes DESCRIPTION nodes.json)",
                            "tallystick_add_interface(nodes): the description is not there:", "nodes.json")

    def test_a_description_that_the_build_makes(self):
        self.assert_accepted("add_custom_command(OUTPUT made.json COMMAND false)\n"
                             "tallystick_add_interface(made DESCRIPTION ${CMAKE_CURRENT_BINARY_DIR}/made.json)")

    def test_arguments_that_nobody_knows(self):
        self.assert_refused("tallystick_add_interface(notes DESCRIPTION notes.json SORCES a.cpp)",
                            "tallystick_add_interface(notes): does not know what to do with: SORCES a.cpp")
        self.assert_refused("tallystick_add_module(paper INTERFACE notes IMPLEMENTATION a.hpp NAMESPACE a b SORCES c.cpp)",
                            "tallystick_add_module(paper): does not know what to do with: b SORCES c.cpp")
        self.assert_refused("tallystick_add_python(python INTERFACE notes FOLDER a)",
                            "tallystick_add_python(python): does not know what to do with: FOLDER a")

    def test_a_name_that_is_taken(self):
        known = "tallystick_add_interface(notes DESCRIPTION notes.json)\n"
        for call in ("tallystick_add_interface(notes DESCRIPTION notes.json)",
                     "tallystick_add_module(notes INTERFACE notes IMPLEMENTATION notes.json NAMESPACE paper)",
                     "tallystick_add_python(notes INTERFACE notes)"):
            with self.subTest(call):
                self.assert_refused(known + call, "(notes): there is a target notes already; give one of them another name")

    def test_an_implementation_that_is_not_there(self):
        self.assert_refused("tallystick_add_interface(notes DESCRIPTION notes.json)\n"
                            "tallystick_add_module(paper INTERFACE notes IMPLEMENTATION papr.hpp NAMESPACE paper)",
                            "tallystick_add_module(paper): the implementation, a header, is not there:", "papr.hpp")

    def test_an_interface_that_is_none(self):
        for call in ("tallystick_add_module(paper INTERFACE nodes IMPLEMENTATION a.hpp NAMESPACE a)",
                     "tallystick_add_python(paper INTERFACE nodes)"):
            with self.subTest(call):
                self.assert_refused(call, "(paper): INTERFACE nodes is no target that tallystick_add_interface has made")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--prefix", required=True, type=pathlib.Path)
    parser.add_argument("--python", default="")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
