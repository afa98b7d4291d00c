"""What GoogleTest says of gtest_cases.cpp, with tallystick::gtest linked: which tests fail, and in which words.

    python3 gtest_test.py PROGRAM
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path()
SITE = r"testing_gtest_cases\+0x[0-9a-f]+"  # in errors
PLACE = SITE + r"( \(.* at gtest_cases\.cpp:\d+.*\))?"  # in reports, with what libtally_symbols knows
LEFT = r"tallystick: this test has left {} behind:\n"
GIVE_BACK = r"\ngive them back, or say why they may stay with tally::testing::allow_left"
LOOKED_AT = r"\nmend the call, or say that it is meant with EXPECT_MISUSE"
DESTROYED = rf"probe_probe_destroy: already destroyed: .*created at {SITE}.*"

# The text of each failure, as a regular expression; a test that is not here has to pass.
EXPECTED = {
    "Fails.LeavesTwo": [LEFT.format("2 objects") + rf"  2 x probe.probe of probe_1_1, created at {PLACE}" + GIVE_BACK],
    "Fails.LeavesABlob": [LEFT.format("1 object") + rf"  1 x blob of probe_1_1, created at {PLACE}" + GIVE_BACK],
    "Fails.DestroysTwice": [rf"tallystick: this test made a misuse that it did not look at:\n  {DESTROYED}" + LOOKED_AT],
    "Fails.DestroysTwiceOnAnotherThread": [rf"this test made a misuse that it did not look at:\n  {DESTROYED}" + LOOKED_AT],
    "Fails.ExpectsAnotherMisuse": [
        r"Expected a misuse: TALLY_STALE_HANDLE \(stale handle\)\n  Actual: already destroyed\n  " + DESTROYED
    ],
    "Fails.ExpectsAMisuseThatIsNotThere": [
        r"Expected a misuse: TALLY_STALE_HANDLE \(stale handle\)\n  Actual: none that nobody has looked at"
    ],
    "Fails.LooksAtOneMisuseOfTwo": [rf"made a misuse that it did not look at:\n  {DESTROYED}"],
    "Fails.ExpectsToBeBalanced": [
        rf"1 object that came since the start of the test:\n  1 x probe.probe of probe_1_1, created at {PLACE}"
    ],
    "Fails.CountsWhatIsNotLive": [
        r'live objects of "probe.probe"\n  Which are: (\d+)\n(  \d+ x probe.probe of probe_1_1, created at .*\n)+'
        r"Expected: left.size\(\) \+ 2\n  Which is: (\d+)"
    ],
    "Fails.LeavesSomethingInAScope": [
        rf"tallystick: this scope has left 1 object behind:\n  1 x probe.probe of probe_1_1, created at {PLACE}"
    ],
    "Fails.LeavesMoreThanIsAllowed": [
        LEFT.format("1 object") + r"  1 x probe.probe .*\n  beside the 1 x probe.probe that may stay: it is kept for the end"
    ],
    "Fails.LeavesSomethingOnAThreadThatHasEnded": [LEFT.format("1 object")],
    "Numbers/FailsEach.LeavesSome/0": [LEFT.format("1 object")],
    "Numbers/FailsEach.LeavesSome/1": [LEFT.format("3 objects")],
    "Fails.LeavesFromManyPlaces": [LEFT.format("3 objects")],
}
SUITES = {"FailsSuite": r"tallystick: the suite FailsSuite has left 1 object behind:"}


def run(*arguments):
    """The program's answer, and GoogleTest's report of it."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        result = subprocess.run(
            [PROGRAM, f"--gtest_output=json:{report}", *arguments], capture_output=True, text=True, check=False, timeout=120
        )
        return result, json.loads(report.read_text("utf-8"))


def failures(report):
    """{"Suite.test": [text]} of those that failed."""
    found = {}
    for suite in report["testsuites"]:
        for test in suite["testsuite"]:
            texts = [failure["failure"] for failure in test.get("failures", [])]
            if texts:
                found[f"{suite['name']}.{test['name']}"] = texts
    return found


class Gtest(unittest.TestCase):
    """gtest_cases.cpp."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.result, cls.report = run()
        cls.failures = failures(cls.report)

    def test_the_tests_that_leave_something_fail_and_no_others(self):
        """Suites fail in a place of their own."""
        self.assertEqual(sorted(name for name in self.failures if name in EXPECTED), sorted(EXPECTED))
        self.assertEqual([name for name in self.failures if name.split(".")[0].startswith("Passes")], [])
        self.assertNotEqual(self.result.returncode, 0)

    def test_each_says_what_and_where(self):
        """One failure for each expression, in order."""
        for name, expressions in EXPECTED.items():
            texts = self.failures.get(name, [])
            with self.subTest(name):
                self.assertEqual(len(texts), len(expressions), texts)
                for text, expression in zip(texts, expressions):
                    self.assertRegex(text, expression)

    def test_a_failure_is_at_the_tests_own_place(self):
        """So that editors find it."""
        self.assertRegex(self.failures["Fails.LeavesTwo"][0], r"gtest_cases\.cpp:\d+\n")

    def test_a_suite_is_checked_as_well(self):
        """What SetUpTestSuite makes TearDownTestSuite gives back."""
        for suite, expression in SUITES.items():
            self.assertRegex(self.result.stdout, expression)
            self.assertNotIn(suite, self.failures)

    def test_a_program_whose_tests_are_right_passes(self):
        """Run alone, it ends with 0, and says nothing on standard error."""
        result, report = run("--gtest_filter=Passes*:*/Passes*")
        self.assertEqual(failures(report), {})
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(result.stderr, "")

    def test_repeating_and_shuffling_change_nothing(self):
        """Each round is judged by itself."""
        result, _ = run("--gtest_filter=Passes*:*/Passes*", "--gtest_repeat=3", "--gtest_shuffle")
        self.assertEqual(result.returncode, 0, result.stdout)
        found = len(re.findall("PASSED", result.stdout))
        self.assertEqual(found, 3)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1))
    unittest.main()
