"""The sqlite hosts, run as a user runs them: all print the same, give everything back, and name what is wrong.

    hosts_test.py --host PROGRAM [--host PROGRAM ...] --module FILE --other FILE
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

OPTIONS = None
ANSWERS = [
    ("SQL that is none is prepared", "bad_sql", "open"),
    ("a path is stored that is there", "constraint", "open"),
    ("a function of the host's fails, called by a step", "the host's error", "open"),
    ("a statement steps while its text is viewed", "borrowed", "open"),
    ("the database is destroyed, if that can be at once", "has children", "open"),
    ("the database is destroyed", "deferred", "open"),
    ("its statement steps", "ok", "open"),
    ("its backup, half done, goes on", "gone with parent", "open"),
    ("its backup is destroyed", "ok", "open"),
    ("the statement is destroyed while its text is viewed", "deferred", "open"),
    ("the text", "still there", "open"),
    ("the view is closed", "ok", "closed"),
]


class Hosts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-sqlite-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()

    def data(self, **files):
        folder = self.folder / "data"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    def run_host(self, host, *arguments, temporary=None):
        return subprocess.run([host, *map(str, arguments)], capture_output=True, text=True, check=False,
                              env={**os.environ, "TMPDIR": str(temporary or self.temporary)})

    def outputs(self, folder):
        """What each host prints, when all goes well."""
        for host in OPTIONS.host:
            with self.subTest(host=pathlib.Path(host).name):
                result = self.run_host(host, OPTIONS.module, folder)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stderr, "")
                self.assertEqual(list(self.temporary.iterdir()), [], "what it made there is left")
                yield result.stdout

    def assert_fails(self, said, *arguments, temporary=None):
        for host in OPTIONS.host:
            with self.subTest(host=pathlib.Path(host).name):
                result = self.run_host(host, *arguments, temporary=temporary)
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr, said)
                self.assertEqual(list(self.temporary.iterdir()), [], "what it made there is left")

    def test_all_print_the_same_on_a_real_folder(self):
        outputs = list(self.outputs("/usr/include"))
        self.assertEqual(outputs, outputs[:1] * len(OPTIONS.host))
        self.assertRegex(outputs[0], r"/usr/include: \d{2,} files")

    def test_files_are_counted_by_size_and_read_back(self):
        folder = self.data(empty=b"", five=b"12345", long=b"x" * 1000)
        (folder / "deeper").mkdir()
        (folder / "deeper" / "\u00e4").write_bytes(b"\0\xff" * 100)
        (folder / "link").symlink_to("long")
        slashes = str(folder).count("/")
        for output in self.outputs(folder):
            rows = [line.split() for line in output.splitlines() if re.fullmatch(r"( +\d+){4}", line)]
            self.assertEqual(rows, [["1", "2", "5", str(slashes + 1)], ["3", "1", "200", str(slashes + 2)],
                                    ["4", "1", "1000", str(slashes + 1)]])
            heads = 0 + 5 + 64 + 64
            paths = sum(len(os.fsencode(path)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
            self.assertIn(f"4 files, {paths + heads} bytes, all as stored", output)

    def test_one_file_is_enough_and_every_answer_is_right(self):
        for output in self.outputs(self.data(only=b"abc")):
            said = [re.split(r" {2,}", line.strip()) for line in output.splitlines()]
            self.assertEqual([tuple(row) for row in said if len(row) == 3 and row[2] in ("open", "closed")], ANSWERS)

    def test_functions_are_released_once_and_not_before_the_end(self):
        for output in self.outputs(self.data(only=b"abc")):
            self.assertEqual(re.findall(r"functions released: (\d+)", output), ["0", "3"])
            self.assertIn("its report was released 1 time\n", output)

    def test_everything_is_given_back(self):
        for output in self.outputs(self.data(a=b"a", b=b"b")):
            last = output.splitlines()[-1]
            found = re.fullmatch(r"all balanced: (\d+) issued, (\d+) retired, 0 live", last)
            self.assertTrue(found, last)
            self.assertEqual(found[1], found[2])
            for class_name in ("sqlite.database", "sqlite.statement", "sqlite.backup", "blob", "view"):
                self.assertRegex(output, rf"\n\S+ +{class_name} +\d+ +\d+ +0\n")

    def test_a_folder_that_is_none_is_named(self):
        missing = self.folder / "missing"
        self.assert_fails(f"No such file or directory.*{missing}|{missing}.*No such file or directory",
                          OPTIONS.module, missing)
        self.assert_fails("/etc/passwd", OPTIONS.module, "/etc/passwd")
        self.assert_fails(f"no files in {self.data()}", OPTIONS.module, self.folder / "data")

    def test_a_name_that_is_no_text_is_named(self):
        folder = self.data()
        (pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9"))).write_bytes(b"abc")
        for host in OPTIONS.host:
            with self.subTest(host=pathlib.Path(host).name):
                result = subprocess.run([host, OPTIONS.module, folder], capture_output=True, check=False)
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr, rb"data/caf.*bind_text: not UTF-8")

    def test_a_module_that_is_none_is_named(self):
        folder = self.data(only=b"abc")
        self.assert_fails("missing.so", self.folder / "missing.so", folder)
        self.assert_fails("has no interface sqlite", OPTIONS.other, folder)

    @unittest.skipIf(os.geteuid() == 0, "nothing is closed to root")
    def test_a_file_that_can_not_be_read_is_named(self):
        folder = self.data(closed=b"abc")
        (folder / "closed").chmod(0)
        self.assert_fails("data/closed.*Permission denied|Permission denied.*data/closed", OPTIONS.module, folder)

    def test_a_wrong_command_line_is_exit_code_2(self):
        for host in OPTIONS.host:
            for arguments in (("--frobnicate",), (OPTIONS.module, "a", "b")):
                result = self.run_host(host, *arguments)
                self.assertEqual(result.returncode, 2)
                self.assertIn("usage:", result.stderr)
            self.assertEqual(self.run_host(host, "--help").returncode, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", action="append", required=True)
    parser.add_argument("--module", required=True)
    parser.add_argument("--other", required=True, help="a module of another interface")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
