"""The codec hosts, run as a user runs them: what they print, what they refuse, and that one bad module stops nobody.

    hosts_test.py --host PROGRAM --modules FOLDER
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

OPTIONS = None
NAMES = ["codec_lz4", "codec_zlib", "codec_zstd"]


def run(*arguments, environment=None):
    return subprocess.run([OPTIONS.host, *map(str, arguments)], capture_output=True, text=True, check=False,
                          env={**os.environ, **(environment or {})})


def rows(output):
    """The table's rows, by module."""
    split = (line.split() for line in output.splitlines())
    return {row[0]: row[1:] for row in split if len(row) == 7 and row[1].isdigit()}


class Hosts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-hosts-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.modules = pathlib.Path(OPTIONS.modules)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def assert_balanced(self, output):
        last = output.strip().splitlines()[-1]
        found = re.fullmatch(r"all balanced: (\d+) issued, (\d+) retired, 0 live", last)
        self.assertTrue(found, output)
        self.assertEqual(found[1], found[2], last)

    def test_every_module_packs_and_all_is_balanced(self):
        content = b"Memory never crosses a boundary unbalanced. " * 50_000
        result = run(self.modules, self.file("text", content))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(rows(result.stdout)), NAMES)
        for row in rows(result.stdout).values():
            self.assertEqual(int(row[0]), len(content))
            self.assertLess(int(row[1]), len(content) // 10)
        for class_name in ("codec.encoder", "codec.decoder", "blob"):
            self.assertIn(class_name, result.stdout)
        self.assert_balanced(result.stdout)

    def test_an_empty_file_is_a_file(self):
        result = run(self.modules, self.file("empty", b""))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(rows(result.stdout)), NAMES)
        self.assert_balanced(result.stdout)

    def test_what_is_no_module_is_named_and_passed_over(self):
        mixed = self.folder / "mixed"
        mixed.mkdir()
        shutil.copy(self.modules / "codec_zstd.so", mixed)
        whole = (self.modules / "codec_zlib.so").read_bytes()
        (mixed / "truncated.so").write_bytes(whole[: len(whole) // 3])
        (mixed / "text.so").write_text("not a library")
        (mixed / "folder.so").mkdir()
        (mixed / "empty.so").touch()
        (mixed / "README").touch()
        result = run(mixed, self.file("text", b"abc" * 1000))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(rows(result.stdout)), ["codec_zstd"])
        for name in ("truncated.so", "text.so", "folder.so", "empty.so"):
            self.assertRegex(result.stderr, rf"skipped .*{name}: .+")
        self.assertNotIn("README", result.stderr)
        self.assert_balanced(result.stdout)

    def test_a_folder_without_modules_is_a_failure(self):
        result = run(self.folder, self.file("text", b"abc"))
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"no codec module in {self.folder}", result.stderr)

    def test_what_cannot_be_read_is_named(self):
        missing = self.folder / "missing"
        for arguments in ((self.modules, missing), (missing, self.file("text", b"abc"))):
            result = run(*arguments)
            self.assertEqual(result.returncode, 1)
            self.assertIn(str(missing), result.stderr)
            self.assertIn("No such file or directory", result.stderr)

    def test_a_file_that_is_not_regular_is_refused(self):
        for path in ("/dev/zero", self.folder):
            result = run(self.modules, path)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"{path} is not a regular file", result.stderr)

    def test_a_temporary_folder_that_is_not_there_is_named(self):
        result = run(self.modules, self.file("text", b"abc"), environment={"TMPDIR": "/no/such/folder"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("/no/such/folder", result.stderr)

    def test_a_wrong_command_line_is_exit_code_2(self):
        for arguments in (("--frobnicate",), (self.modules, "a", "b")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn("usage:", result.stderr)
        self.assertEqual(run("--help").returncode, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--modules", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
