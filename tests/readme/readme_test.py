"""README.md is right: the programs that it shows build, print what it shows, and what it names is there.

    readme_test.py --build FOLDER --prefix FOLDER [--python COMMAND] [--update]

Invisible comments in README.md say what a block is: `file: NAME` is a file, `output` is what the command in its first
line prints, and `output without: WORD, WORD` is what it prints after every line with one of the words has been deleted
from the files.
Without --python, the command for the Python that extension modules are built for, Python is left out.
Offsets in sites vary with the compiler, so one stands for any. With --update the outputs are written anew.
"""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
README = ROOT / "README.md"
sys.path.insert(0, str(ROOT / "tests" / "packaging"))

import consumer  # noqa: E402

OPTIONS = None

FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)
# Where the package is, as README.md says it: after `cmake --install build/release --prefix $HOME/tallystick`.
PATH = re.compile(r"^    export PYTHONPATH=(\S+)$", re.MULTILINE)
PACKAGES = re.compile(r"\$HOME/tallystick/lib/python3\.\d+/site-packages")
OUTPUT = re.compile(r"(<!-- output(?: without: ([\w, ]+))? -->\n```console\n\$ (.*?)\n)(.*?)(```\n)", re.DOTALL)


def text():
    return README.read_text(encoding="utf-8")


def portable(output):
    """Sites stand for any, and where libdw is not there nothing is said beside them."""
    return re.sub(r"\+0x(?:[0-9a-f]+|…)( \((?:[^()\n]|\([^()\n]*\))*\))?", "+0x…", output)


class Project:
    """The files of README.md in a folder of their own, built."""

    def __init__(self, folder):
        self.folder = folder
        self.files = dict(FILE.findall(text()))
        self.without = ""
        self.build("")

    def build(self, without):
        words = [word for word in without.split(", ") if word]
        if not OPTIONS.python:
            words.append("tallystick_add_python")
        for name, content in self.files.items():
            lines = content.splitlines(keepends=True)
            kept = "".join(line for line in lines if not any(word in line for word in words))
            path = self.folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != kept:
                path.write_text(kept, encoding="utf-8")
        consumer.make(OPTIONS.build, self.folder, self.folder / "build", OPTIONS.prefix)
        self.without = without

    def run(self, command, without):
        if without != self.without:
            self.build(without)
        words = command.split()
        if words[0] == "python3":
            words[:1] = shlex.split(OPTIONS.python)
        # Paths that README.md gives before the command; those after it would come too late.
        paths = PATH.findall(text().partition(f"$ {command}\n")[0])
        path = PACKAGES.sub(":".join(map(str, OPTIONS.prefix.glob("lib*/**/site-packages"))), paths[0]) if paths else ""
        result = subprocess.run(words, cwd=self.folder, env={**os.environ, "PYTHONPATH": path},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode != 0:
            raise AssertionError(f"{command}: exit code {result.returncode}\n{result.stdout}")
        return result.stdout


class Shown(unittest.TestCase):
    """The example of README.md."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-readme-")
        cls.addClassCleanup(folder.cleanup)
        cls.project = Project(pathlib.Path(folder.name))

    def test_the_files_are_all_there(self):
        self.assertEqual(sorted(self.project.files), ["CMakeLists.txt", "diary.py", "notes.c", "notes.cpp", "notes.json",
                                                        "paper.hpp"])

    def test_the_programs_print_what_is_shown(self):
        outputs = OUTPUT.findall(text())
        self.assertEqual(len(outputs), 4)
        for _, without, command, shown, _ in outputs:
            if command.startswith("python3 ") and not OPTIONS.python:
                continue
            with self.subTest(command, without=without):
                self.assertMultiLineEqual(portable(self.project.run(command, without)), portable(shown))

    def test_what_is_shown_is_short(self):
        for name in ("notes.json", "notes.c", "notes.cpp", "diary.py"):
            self.assertLessEqual(len(self.project.files[name].splitlines()), 15, name)


class Quoted(unittest.TestCase):
    """What a page shows as a part of a file is in that file, line by line: what is shown has been compiled."""

    SNIPPET = re.compile(r"<!-- from: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)

    def test_snippets_are_parts_of_their_files(self):
        pages = [ROOT / "sdk" / "author.md"]
        for page in pages:
            snippets = self.SNIPPET.findall(page.read_text(encoding="utf-8"))
            self.assertEqual(len(snippets), page.read_text(encoding="utf-8").count("```cpp\n"), page)
            self.assertGreater(len(snippets), 5)
            for source, snippet in snippets:
                with self.subTest(source):
                    self.assertIn(snippet, (ROOT / source).read_text(encoding="utf-8"))


class Named(unittest.TestCase):
    """What README.md names is there."""

    def test_links_lead_somewhere(self):
        targets = re.findall(r"\]\(([^)#]+)\)", text())
        self.assertGreater(len(targets), 5)
        for target in targets:
            self.assertTrue("://" in target or (ROOT / target).exists(), target)

    def test_commands_are_there_and_can_be_run(self):
        commands = re.findall(r"^    (\w+/\w+)\b", text(), re.MULTILINE)
        self.assertEqual(commands, ["examples/run", "tests/run"])
        for command in commands:
            path = ROOT / command
            self.assertTrue(path.is_file() and path.stat().st_mode & 0o111, command)

    def test_presets_are_there(self):
        presets = (ROOT / "CMakePresets.json").read_text(encoding="utf-8")
        for preset in re.findall(r"cmake --preset (\w+)", text()):
            self.assertIn(f'"name": "{preset}"', presets)

    def test_every_page_leads_somewhere(self):
        pages = [*ROOT.rglob("README.md"), ROOT / "sdk" / "author.md", *(ROOT / "abi" / "spec").glob("*.md")]
        for readme in pages:
            if "build" in readme.relative_to(ROOT).parts:
                continue
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", readme.read_text(encoding="utf-8")):
                with self.subTest(readme=readme.relative_to(ROOT)):
                    self.assertTrue("://" in target or (readme.parent / target).exists(), target)


def update():
    with tempfile.TemporaryDirectory(prefix="tallystick-readme-") as folder:
        project = Project(pathlib.Path(folder))
        new = OUTPUT.sub(lambda found: found[1] + project.run(found[3], found[2] or "") + found[5], text())
    README.write_text(new, encoding="utf-8")


def absolute(path):
    """Commands are run in folders of their own."""
    return pathlib.Path(path).absolute()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=absolute)
    parser.add_argument("--prefix", required=True, type=absolute)
    parser.add_argument("--python", default="")
    parser.add_argument("--update", action="store_true")
    OPTIONS, rest = parser.parse_known_args()
    if OPTIONS.update:
        update()
    else:
        unittest.main(argv=[sys.argv[0], *rest])
