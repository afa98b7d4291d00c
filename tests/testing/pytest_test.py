"""What pytest says of pytest_cases.py with tallystick's plugin: which tests fail, and in which words.

    python3 pytest_test.py          with PYTHONPATH and TALLYSTICK_TEST_SHOP set
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
from importlib.util import find_spec

CASES = pathlib.Path(__file__).parent / "pytest_cases.py"
PLUGIN = ["-p", "tallystick.pytest_plugin"]
PLACE = r".*pytest_cases\.py:\d+"
DATABASE = r"shop\.database of shop_module, created at " + PLACE

# What is said of each test that leaves something; the others have to pass.
EXPECTED = {
    "test_fails_leaves_in_a_global": rf"1 x {DATABASE}: held by the global 'KEPT' of pytest_cases\[\d+\]",
    "test_fails_leaves_in_a_class": rf"1 x {DATABASE}: held by the class Cache\['entries'\]\['database'\]",
    "test_fails_leaves_three": rf"(  1 x {DATABASE}: held by the global 'KEPT' of pytest_cases\[\d+\]\n){{3}}",
    "test_fails_leaves_a_view": rf"1 x view of shop_module, created at {PLACE}: held by the global 'KEPT' of pytest_cases\[\d+\]\n",
    "test_fails_leaves_more_than_is_allowed": rf"behind:\n  1 x {DATABASE}: .*\ngive it back",
    "test_fails_ends_a_fixture_that_leaves": rf"1 x {DATABASE}: held by the global 'KEPT'",
}


def run(*arguments, cases=CASES):
    """pytest's answer."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", *arguments, cases],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cases.parent,
    )


def outcomes(result):
    """{test: "passed", "failed" or "error"}, the worst of its phases."""
    found = {}
    for outcome, test in re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED) .*?::(?:\w+::)?(\w+)", result.stdout, re.MULTILINE):
        if found.get(test) != "error":
            found[test] = outcome.lower()
    return found


def said_of(result, test):
    """The text of its error."""
    match = re.search(rf"ERROR at teardown of (?:\w+\.)?{test} _+\n(.*?)\n(_____|=====)", result.stdout, re.DOTALL)
    return match[1] if match else ""


class Pytest(unittest.TestCase):
    """pytest_cases.py."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.report = pathlib.Path(cls.folder.name) / "report.json"
        cls.result = run(*PLUGIN, f"--tallystick-json={cls.report}")
        cls.outcomes = outcomes(cls.result)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_tests_that_leave_something_fail_and_no_others(self):
        """In teardown: the test itself has passed."""
        errors = {test for test, outcome in self.outcomes.items() if outcome == "error"}
        self.assertEqual(errors, set(EXPECTED), self.result.stdout)
        self.assertEqual({t for t, outcome in self.outcomes.items() if outcome == "failed"}, {"test_fails_by_itself"})
        self.assertEqual(self.result.returncode, 1)

    def test_each_says_what_and_why(self):
        """The place of creation in Python, and who holds it."""
        for test, expression in EXPECTED.items():
            with self.subTest(test):
                self.assertRegex(said_of(self.result, test), expression)

    def test_a_failing_test_is_only_told(self):
        """Its traceback holds what it has made."""
        self.assertIn("(the test has failed, and may hold it by that)", self.result.stdout)

    def test_the_same_as_json(self):
        """For other tools."""
        tests = {each["test"].split("::")[-1]: each for each in json.loads(self.report.read_text("utf-8"))["tests"]}
        self.assertEqual(set(tests), set(EXPECTED) | {"test_fails_by_itself"})
        left = tests["test_fails_leaves_in_a_class"]["left"]
        self.assertEqual([(each["count"], each["class_name"]) for each in left], [(1, "shop.database")])
        self.assertEqual(tests["test_fails_leaves_three"]["outcome"], "failed")

    def test_warn_and_off(self):
        """Nothing fails, and with `off` nothing is said."""
        warned = run(*PLUGIN, "--tallystick=warn")
        self.assertNotIn("ERROR", warned.stdout)
        self.assertIn("TallystickWarning: tallystick: this test has left behind:", warned.stdout)
        silent = run(*PLUGIN, "--tallystick=off")
        self.assertNotIn("tallystick: this test", silent.stdout)
        self.assertEqual(set(outcomes(silent).values()), {"passed", "failed"})

    def test_a_marker_that_is_wrong_is_said_to_be(self):
        """With how it is written."""
        with tempfile.TemporaryDirectory() as folder:
            cases = pathlib.Path(folder) / "wrong_test.py"
            cases.write_text(
                "import pytest, shop, os\nKEPT = []\n@pytest.mark.tallystick_left('shop.database')\ndef test_wrong():\n"
                "    module = shop.Module.load(os.environ['TALLYSTICK_TEST_SHOP'])\n    KEPT.append(shop.Database(module))\n",
                encoding="utf-8",
            )
            result = run(*PLUGIN, cases=cases)
        self.assertIn("@pytest.mark.tallystick_left(class_name, count, reason): missing a required argument", result.stdout)

    @unittest.skipUnless(find_spec("xdist"), "pytest-xdist is not installed")
    def test_with_xdist_it_is_the_same(self):
        """Workers tell the one who writes."""
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "report.json"
            result = run(*PLUGIN, "-n2", "--dist=loadscope", f"--tallystick-json={report}")  # classes stay whole
            tests = {each["test"].split("::")[-1] for each in json.loads(report.read_text("utf-8"))["tests"]}
        errors = {test for test, outcome in outcomes(result).items() if outcome == "error"}
        self.assertEqual(errors, set(EXPECTED), result.stdout)
        self.assertEqual(tests, set(EXPECTED) | {"test_fails_by_itself"})

    def test_two_thousand_balanced_tests(self):
        """Shown, not asserted: times are for people."""
        with tempfile.TemporaryDirectory() as folder:
            cases = pathlib.Path(folder) / "many_test.py"
            cases.write_text(
                "import os, pytest, shop\n"
                "@pytest.fixture(scope='session')\ndef module():\n"
                "    with shop.Module.load(os.environ['TALLYSTICK_TEST_SHOP']) as loaded:\n        yield loaded\n"
                "@pytest.mark.parametrize('number', range(2000))\ndef test_each(module, number):\n"
                "    shop.Database(module).close()\n",
                encoding="utf-8",
            )
            seconds = {}
            for mode in ("off", "strict"):
                start = time.monotonic()
                result = run(*PLUGIN, f"--tallystick={mode}", "-rN", cases=cases)
                seconds[mode] = time.monotonic() - start
                self.assertIn("2000 passed", result.stdout)
        print("2,000 balanced tests: {off:.2f} s without, {strict:.2f} s with".format(**seconds))


if __name__ == "__main__":
    unittest.main()
