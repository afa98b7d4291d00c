"""The codec hosts, run as a user runs them: what they print, what they refuse, and that one bad module stops nobody.

    hosts_test.py --host PROGRAM --modules FOLDER --refused FOLDER
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

    def folder_with_one_module(self):
        folder = self.folder / "mixed"
        folder.mkdir()
        shutil.copy(self.modules / "codec_zstd.so", folder)
        return folder

    def assert_only_that_module_runs(self, folder):
        result = run(folder, self.file("text", b"abc" * 1000))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(rows(result.stdout)), ["codec_zstd"])
        self.assert_balanced(result.stdout)
        return result.stderr

    def test_what_is_no_module_is_named_and_passed_over(self):
        folder = self.folder_with_one_module()
        (folder / "text.so").write_text("not a library")
        (folder / "folder.so").mkdir()
        (folder / "empty.so").touch()
        (folder / "dangling.so").symlink_to("nowhere")
        (folder / "README").touch()
        said = self.assert_only_that_module_runs(folder)
        for name in ("text.so", "folder.so", "empty.so", "dangling.so"):
            self.assertRegex(said, rf"skipped .*/{name}: .+")
        self.assertNotIn("README", said)

    def test_a_truncated_module_is_named_and_passed_over(self):
        folder = self.folder_with_one_module()
        whole = (self.modules / "codec_zlib.so").read_bytes()
        names = [f"truncated_{size}.so" for size in (100, 1000, 10_000, 40_000)]
        for name in names:
            (folder / name).write_bytes(whole[: int(name[10:-3])])
        said = self.assert_only_that_module_runs(folder)
        for name in names:
            self.assertRegex(said, rf"skipped .*/{name}: .+")

    def test_a_module_of_another_major_is_named_with_both_versions(self):
        folder = self.folder_with_one_module()
        shutil.copy(pathlib.Path(OPTIONS.refused) / "codec_other_abi.so", folder)
        shutil.copy(pathlib.Path(OPTIONS.refused) / "codec_other_interface.so", folder)
        said = self.assert_only_that_module_runs(folder)
        self.assertRegex(said, r"skipped .*/codec_other_abi.so: .*ABI 2\.0.* 1\.0")
        self.assertRegex(said, r"skipped .*/codec_other_interface.so: .*codec 2\.0.*codec 1\.0")

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
    parser.add_argument("--refused", required=True, help="modules of another ABI and of another interface major")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
