#!/usr/bin/env python3
"""The runner itself, on a made-up project of one file: what is killed, what survives, what does not apply or compile.

Nothing is compiled by a compiler: "building" is a check that the file is Python, "testing" a script that reads it.
"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent

CMAKE = """
cmake_minimum_required(VERSION 3.22)
project(sum LANGUAGES NONE)
enable_testing()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(program ${CMAKE_CURRENT_SOURCE_DIR}/sum.py)
add_custom_target(sum ALL COMMAND Python3::Interpreter -c "compile(open('${program}').read(), 'sum.py', 'exec')" VERBATIM)
foreach(test adds nothing)
  add_test(NAME sum.${test} COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/check.py ${test})
endforeach()
"""

SUM = """
def add(a, b):
    return a + b
def wait():
    return False
def start():
    return "fine"
"""

CHECK = """
import os, sys
import sum
if sum.start() != "fine": sys.exit(2)
while sum.wait(): pass
if sys.argv[1] == "adds" and sum.add(1, 2) == 0: os.abort()
sys.exit(0 if sys.argv[1] == "nothing" or sum.add(1, 2) == 3 else 1)
"""


def mutant(name, replace, by, killed_by="sum.adds", file="sum.py"):
    return {"id": name, "breaks": "It does not add.", "file": file, "replace": replace, "with": by, "targets": ["sum"],
            "killed_by": killed_by}


KILLED = mutant("killed", "a + b", "a - b")
SURVIVOR = mutant("survivor", "a + b", "a - b", killed_by="sum.nothing")


class Runner(unittest.TestCase):
    """mutants.py as it is called, on the project in a temporary folder."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tallystick_mutants_")
        self.top = Path(self.folder.name)
        self.source = self.top / "source"
        (self.source / "list").mkdir(parents=True)
        for name, text in {"CMakeLists.txt": CMAKE, "sum.py": SUM, "check.py": CHECK}.items():
            (self.source / name).write_text(text, encoding="utf-8")

    def tearDown(self):
        self.assertEqual((self.source / "sum.py").read_text(encoding="utf-8"), SUM, "the sources are never written to")
        self.folder.cleanup()

    def run_on(self, *mutants, options=()):
        """Exit code, and all that was said."""
        (self.source / "list" / "runtime.json").write_text(json.dumps(mutants), encoding="utf-8")
        result = subprocess.run([sys.executable, HERE / "mutants.py", "--source", self.source, "--mutants", self.source / "list",
                                 "--work", self.top / "work", "--define", f"Python3_EXECUTABLE={sys.executable}", *options],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return result.returncode, result.stdout

    def test_a_killed_mutant_is_fine(self):
        code, told = self.run_on(KILLED)
        self.assertEqual(code, 0, told)
        self.assertRegex(told, r"(?m)^killed +runtime\.killed \(\d+ s\): It does not add\. sum\.adds fails$")
        self.assertIn("1 mutants: 1 killed, 0 SURVIVED, 0 broken", told)

    def test_a_survivor_is_named_and_fails_the_run(self):
        code, told = self.run_on(KILLED, SURVIVOR)
        self.assertEqual(code, 1, told)
        self.assertRegex(told, r"(?m)^SURVIVED runtime\.survivor .* sum\.nothing passes")
        self.assertIn("2 mutants: 1 killed, 1 SURVIVED, 0 broken", told)

    def test_a_mutant_does_not_outlast_its_turn(self):
        code, told = self.run_on(KILLED, mutant("again", "a + b", "b + a"))
        self.assertEqual(code, 1, told)
        self.assertIn("SURVIVED runtime.again", told)

    def test_what_an_interrupted_run_left_is_put_right(self):
        self.assertEqual(self.run_on(KILLED)[0], 0)
        (self.top / "work" / "tree" / "sum.py").write_text("left behind", encoding="utf-8")
        (self.top / "work" / "tree" / "left.py").write_text("left behind", encoding="utf-8")
        code, told = self.run_on(KILLED)
        self.assertEqual(code, 0, told)
        self.assertFalse((self.top / "work" / "tree" / "left.py").exists())

    def test_what_does_not_compile_is_broken(self):
        code, told = self.run_on(mutant("syntax", "a + b", "a +"))
        self.assertEqual(code, 1, told)
        self.assertRegex(told, r"(?m)^broken +runtime\.syntax .* does not build:")

    def test_what_does_not_apply_once_is_named_before_anything_is_built(self):
        gone = mutant("gone", "a * b", "a")
        twice = mutant("twice", "return", "yield")
        code, told = self.run_on(KILLED, gone, twice, mutant("no_file", "a", "b", file="no.py"))
        self.assertEqual(code, 1, told)
        self.assertIn("runtime.gone: the text to replace is 0 times in sum.py, not once", told)
        self.assertIn("runtime.twice: the text to replace is 3 times in sum.py, not once", told)
        self.assertIn("runtime.no_file: there is no no.py", told)
        self.assertFalse((self.top / "work").exists())

    def test_a_crash_and_a_hang_are_deaths(self):
        code, told = self.run_on(mutant("crash", "a + b", "0"), mutant("hang", "return False", "return True"),
                                 options=["--timeout", "3"])
        self.assertEqual(code, 0, told)
        self.assertIn("sum.adds crashes with signal 6", told)
        self.assertIn("sum.adds hangs: ended after 3 s", told)

    def test_a_test_that_ends_in_another_way_has_killed_nothing(self):
        code, told = self.run_on(mutant("odd", '"fine"', '"odd"'))
        self.assertEqual(code, 1, told)
        self.assertRegex(told, r"(?m)^broken +runtime\.odd .* sum\.adds ends with exit code 2, which is no test's failure")

    def test_a_killer_has_to_exist_and_to_pass_without_the_mutant(self):
        code, told = self.run_on(mutant("unknown", "a + b", "a", killed_by="sum.multiplies"))
        self.assertEqual(code, 1, told)
        self.assertIn("sum.multiplies: there is no such test", told)
        (self.source / "check.py").write_text("raise SystemExit(1)", encoding="utf-8")
        code, told = self.run_on(KILLED)
        self.assertEqual(code, 1, told)
        self.assertIn("sum.adds: fails without any mutant", told)

    def test_only_and_sample_choose(self):
        for options in (["--only", "runtime.killed"], ["--sample", "1"]):
            code, told = self.run_on(KILLED, SURVIVOR, options=options)
            self.assertEqual(code, 0, told)
            self.assertIn("1 mutants: 1 killed", told)
        code, told = self.run_on(KILLED, options=["--only", "runtime.other"])
        self.assertEqual(code, 1, told)
        self.assertIn("runtime.other: there is no such mutant", told)


class List(unittest.TestCase):
    """The project's own list."""

    def ask(self, option):
        return subprocess.run([sys.executable, HERE / "mutants.py", option], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)

    def test_every_mutant_applies(self):
        result = self.ask("--check")
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_the_table_of_the_readme_is_current(self):
        self.assertIn(self.ask("--table").stdout, (HERE / "README.md").read_text(encoding="utf-8"),
                      "write it anew: tests/mutants/mutants.py --table")


if __name__ == "__main__":
    unittest.main()
