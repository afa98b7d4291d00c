"""What `tallystick report` makes of reports: merged, compared, suppressed, judged. See cases.py for the options."""

import json
import pathlib
import re
import subprocess
import unittest

import junitparser
from cases import Case, Options, Program, main, reports

SITE = r"report_cases\+0x[0-9a-f]+"
ONE = rf"  1 x probe.probe of probe_1_1, created at {SITE} \(makes_one at report_cases.c:\d+\)\n"


class Judged(Case):
    def judge(self, *arguments: object) -> tuple[int, str]:
        """The exit code, and what is said."""
        result = subprocess.run([Options.command, "report", *arguments], capture_output=True, text=True, check=False)
        self.assertTrue(result.stdout == "" or result.stderr == "", (result.stdout, result.stderr))
        return result.returncode, result.stdout + result.stderr

    def suppress(self, *suppressions: dict) -> pathlib.Path:
        path = self.folder / "suppressions.json"
        path.write_text(json.dumps({"suppressions": suppressions}), encoding="utf-8")
        return path


class Merged(Judged):
    def test_in_balance(self) -> None:
        self.assertEqual(self.judge(self.written("one", "back")), (0, "1 process: 1 issued, 1 retired, 0 left\nin balance\n"))

    def test_out_of_balance(self) -> None:
        code, text = self.judge(self.written("one"))
        self.assertEqual(code, 1)
        self.assertRegex(text, rf"^1 process: 1 issued, 0 retired, 1 left\n{ONE}out of balance: 1 object at 1 site\n$")

    def test_several_processes_are_added_up(self) -> None:
        code, text = self.judge(self.written("one", name="a"), self.written("one", "two", "back", name="b"), self.written(name="c"))
        self.assertEqual(code, 1)
        self.assertRegex(text, r"^3 processes: 3 issued, 1 retired, 2 left\n  2 x probe.probe of .*\nout of balance: 2 objects at 1 site\n$")

    def test_of_a_process_the_last_report_counts(self) -> None:
        program = Program(TALLY_REPORT=str(self.file), TALLY_REPORT_ON="USR1,exit", TALLY_EXIT_REPORT="0")
        program.do("one", "raise")
        reports(self.file, 1)
        program.do("back")
        program.end()
        self.assertEqual(self.judge(self.file), (0, "1 process: 1 issued, 1 retired, 0 left\nin balance\n"))

    def test_stacks_are_shown(self) -> None:
        _, text = self.judge(self.written("one", TALLY_SITES="stack:2"))
        self.assertRegex(text, rf"\n{ONE}      called from {SITE} \(path_one at report_cases.c:\d+\)\n")

    def test_no_more_sites_than_are_asked_for(self) -> None:
        code, text = self.judge(self.written("one", "two", "two", TALLY_SITES="stack:2"), "--limit", "1")
        self.assertEqual(code, 1)
        self.assertRegex(text, r"\n  2 x .*\n      called from .*path_two.*\n  and 1 more site \(see --limit\)\nout of balance: 3 objects at 2 sites\n$")

    def test_misuses_are_told_and_count_if_asked(self) -> None:
        file = self.written("misuse", "misuse")
        code, text = self.judge(file)
        self.assertEqual(code, 0)
        self.assertRegex(text, r"\n2 misuses, the first: probe_probe_destroy: already destroyed: .*\nin balance\n$")
        self.assertEqual(self.judge(file, "--misuses")[0], 1)
        self.assertEqual(self.judge(self.written("one", "back"), "--misuses")[0], 0)


class Compared(Judged):
    def test_what_is_in_the_baseline_is_known(self) -> None:
        before = self.written("one", name="before")
        self.assertEqual(
            self.judge(self.written("one", name="now"), "--baseline", before),
            (0, "1 process: 1 issued, 0 retired, 1 left\nknown from the baseline: 1 object\nin balance\n"),
        )

    def test_what_is_more_is_not(self) -> None:
        before = self.written("one", name="before")
        code, text = self.judge(self.written("one", "one", "one", name="now"), "--baseline", before)
        self.assertEqual(code, 1)
        self.assertRegex(text, r"\n  2 x probe.probe .*\nknown from the baseline: 1 object\nout of balance: 2 objects at 1 site\n$")

    def test_what_is_no_more_is_told(self) -> None:
        before = self.written("one", "one", name="before")
        code, text = self.judge(self.written(name="now"), "--baseline", before)
        self.assertEqual((code, text.splitlines()[1:]), (0, ["in the baseline, and left no more: 2 objects", "in balance"]))

    def test_a_merged_report_is_a_baseline(self) -> None:
        baseline = self.folder / "baseline.json"
        self.judge(self.written("one", name="a"), self.written("one", name="b"), "--json", baseline)
        [merged] = reports(baseline, 1)
        self.assertEqual((merged["moment"], merged["processes"], merged["left"][0]["count"]), ("merged", 2, 2))
        self.assertEqual(self.judge(self.written("one", "one", name="now"), "--baseline", baseline)[0], 0)
        self.assertEqual(self.judge(self.written("one", "one", "one", name="now"), "--baseline", baseline)[0], 1)

    def test_several_baselines(self) -> None:
        first, second = self.written("one", name="first"), self.written("one", name="second")
        now = self.written("one", "one", name="now")
        self.assertEqual(self.judge("--baseline", first, "--baseline", second, now)[0], 0)
        self.assertEqual(self.judge("--baseline", first, now)[0], 1)

    def moved(self, file: pathlib.Path, change: str, to: str) -> pathlib.Path:
        moved = self.folder / "moved"
        text = file.read_text(encoding="utf-8")
        self.assertRegex(text, change)
        moved.write_text(re.sub(change, to, text), encoding="utf-8")
        return moved

    def test_a_place_is_known_after_lines_and_addresses_have_moved(self) -> None:
        file = self.written("one")
        moved = self.moved(self.moved(file, r"report_cases\.c:\d+", "report_cases.c:999"), r"\+0x[0-9a-f]+", "+0x1")
        self.assertEqual(self.judge(moved, "--baseline", file)[0], 0)

    def test_another_function_is_another_place(self) -> None:
        file = self.written("one")
        self.assertEqual(self.judge(self.moved(file, "makes_one", "makes_two"), "--baseline", file)[0], 1)

    def test_without_debug_information_the_address_counts(self) -> None:
        file = self.written("one", TALLY_SYMBOLS="0")
        self.assertEqual(self.judge(file, "--baseline", file)[0], 0)
        self.assertEqual(self.judge(self.moved(file, r"\+0x[0-9a-f]+", "+0x1"), "--baseline", file)[0], 1)


class Suppressed(Judged):
    def test_what_is_suppressed_is_in_balance(self) -> None:
        for pattern in ({"class": "probe.*"}, {"module": "probe_?_1"}, {"place": "*makes_one*"}, {}):
            with self.subTest(pattern):
                code, text = self.judge(
                    self.written("one"), "--suppressions", self.suppress({**pattern, "reason": "kept", "until": "2999-12-31"})
                )
                self.assertEqual((code, text.splitlines()[1:]), (0, ["suppressed: 1 object", "in balance"]))

    def test_a_place_is_any_of_a_stack(self) -> None:
        file = self.written("one", "two", TALLY_SITES="stack")
        rule = self.suppress({"place": "*path_two*", "reason": "kept", "until": "2999-12-31"})
        code, text = self.judge(file, "--suppressions", rule)
        self.assertEqual(code, 1)
        self.assertIn("suppressed: 1 object\nout of balance: 1 object at 1 site\n", text)
        self.assertIn("path_one", text)

    def test_no_more_than_are_allowed(self) -> None:
        rule = self.suppress({"count": 2, "reason": "kept", "until": "2999-12-31"})
        self.assertEqual(self.judge(self.written("one", "one"), "--suppressions", rule)[0], 0)
        code, text = self.judge(self.written("one", "one", "one"), "--suppressions", rule)
        self.assertEqual(code, 1)
        self.assertIn("suppressed: 2 objects\nout of balance: 1 object", text)

    def test_one_that_has_expired_hides_nothing(self) -> None:
        rule = self.suppress({"reason": "issue 12", "until": "2001-02-03"})
        code, text = self.judge(self.written("one"), "--suppressions", rule)
        self.assertEqual(code, 1)
        self.assertIn("suppression 1 (issue 12) has expired on 2001-02-03, and hides nothing any more\n", text)

    def test_one_that_matches_nothing_is_told(self) -> None:
        rule = self.suppress({"class": "nobody.*", "reason": "issue 12", "until": "2999-12-31"})
        code, text = self.judge(self.written("one", "back"), "--suppressions", rule)
        self.assertEqual((code, text.splitlines()[1:]), (0, ["suppression 1 (issue 12) matches nothing: it can go", "in balance"]))

    def test_a_baseline_is_without_what_is_suppressed(self) -> None:
        before = self.written("one", name="before")
        rule = self.suppress({"count": 1, "reason": "kept", "until": "2999-12-31"})
        code, text = self.judge(self.written("one", "one", name="now"), "--baseline", before, "--suppressions", rule)
        self.assertEqual(code, 1, text)

    def test_each_needs_a_reason_and_a_day(self) -> None:
        file = self.written("one")
        for wrong in ({"reason": "kept"}, {"until": "2999-12-31"}, {"reason": " ", "until": "2999-12-31"}, {"reason": "kept", "until": "soon"},
                      {"reason": "kept", "until": "2999-12-31", "klass": "x"}):  # fmt: skip
            with self.subTest(wrong):
                code, text = self.judge(file, "--suppressions", self.suppress(wrong))
                self.assertEqual(code, 2)
                self.assertRegex(text, r"^tallystick: .*suppressions.json: suppressions\[0\].*\(each needs a \"reason\" and \"until\", a day: 2027-01-31\)\n$")


class Growing(Judged):
    def looks(self, *steps: str) -> pathlib.Path:
        program = Program(TALLY_REPORT=str(self.file), TALLY_REPORT_ON="USR1", TALLY_EXIT_REPORT="0", TALLY_SITES="stack:2")
        for count, step in enumerate(steps, 1):
            program.do(*step.split(), "raise")
            reports(self.file, count)
        program.end()
        return self.file

    def test_what_only_rises_is_told(self) -> None:
        code, text = self.judge(self.looks("one two", "one", "one one", "one"), "--growth")
        self.assertEqual(code, 1)
        self.assertRegex(text, r"^  probe.probe of probe_1_1, created at .*: 1 -> 2 -> 4 -> 5 in .*report_cases \(\d+\)\ngrowing: 1 site\n$")

    def test_what_falls_once_is_not(self) -> None:
        self.assertEqual(self.judge(self.looks("one one", "one", "back back", "one one"), "--growth"), (0, "nothing only grows\n"))

    def test_one_rise_is_no_growth(self) -> None:
        self.assertEqual(self.judge(self.looks("one", "one", "", ""), "--growth")[0], 0)


class Wrong(Judged):
    def test_a_file_that_is_not_there(self) -> None:
        missing = self.folder / "none"
        self.assertEqual(self.judge(missing), (2, f"tallystick: {missing}: can't be read: No such file or directory\n"))

    def test_each_bad_file_is_named(self) -> None:
        good = self.written("one")
        bad = {
            "cut": (good.read_text(encoding="utf-8")[:50], "cut:1: the line is not JSON: was its process killed while it wrote?"),
            "other": ('{"a": 1}', "other:1: the line is no report of Tallystick's (TALLY_REPORT"),
            "empty": ("", "empty: holds no report: its process has written none"),
            "second": (good.read_text(encoding="utf-8") + "[]\n", "second:2: the line is no report"),
        }
        for name, (text, _) in bad.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        code, text = self.judge(good, *(self.folder / name for name in bad))
        self.assertEqual(code, 2)
        for line, (_, expected) in zip(text.splitlines(), bad.values(), strict=True):
            self.assertTrue(line.startswith(f"tallystick: {self.folder}/{expected}"), line)

    def test_a_report_that_is_not_as_the_schema_has_it(self) -> None:
        [report] = reports(self.written("one"), 1)
        for path, value in ((("left", 0, "count"), -1), (("balances", 0, "issued"), "1"), (("moment",), "now"), (("left", 0, "created"), {})):
            with self.subTest(path):
                changed = json.loads(json.dumps(report))
                *to, last = path
                at = changed
                for key in to:
                    at = at[key]
                at[last] = value
                self.file.write_text(json.dumps(changed), encoding="utf-8")
                code, text = self.judge(self.file)
                self.assertEqual(code, 2)
                self.assertRegex(text, rf"report.json:1: the line is not as a report is: {path[0]}")

    def test_results_that_cannot_be_written(self) -> None:
        code, _ = self.judge_all(self.written("one", "back"), "--json", self.folder / "none" / "x")
        self.assertEqual(code, 2)

    def judge_all(self, *arguments: object) -> tuple[int, str]:
        result = subprocess.run([Options.command, "report", *arguments], capture_output=True, text=True, check=False)
        self.assertIn("can't be written: No such file or directory", result.stderr)
        return result.returncode, result.stderr


class JUnit(Judged):
    def junit(self, *arguments: object) -> tuple[pathlib.Path, junitparser.TestSuite]:
        path = self.folder / "junit.xml"
        self.judge(*arguments, "--junit", path)
        schema = pathlib.Path(__file__).with_name("junit.rng")
        result = subprocess.run(["xmllint", "--noout", "--relaxng", schema, path], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        [suite] = junitparser.JUnitXml.fromfile(str(path))
        return path, suite

    def test_a_class_that_is_out_of_balance_fails(self) -> None:
        _, suite = self.junit(self.written("one", "misuse"))
        left, misuses = list(suite)
        self.assertEqual((suite.tests, suite.failures), (2, 1))
        self.assertEqual((left.classname, left.name), ("probe_1_1", "probe.probe"))
        [failure] = left.result
        self.assertEqual(failure.message, "1 left behind")
        self.assertRegex(failure.text, f"^{ONE}$")
        self.assertEqual((misuses.name, misuses.result), ("misuses", []))

    def test_all_pass_when_all_is_balanced(self) -> None:
        _, suite = self.junit(self.written("one", "back"))
        self.assertEqual((suite.tests, suite.failures), (2, 0))

    def test_misuses_fail_if_asked(self) -> None:
        _, suite = self.junit(self.written("misuse"), "--misuses")
        [failure] = list(suite)[1].result
        self.assertEqual(failure.message, "1 misuse")

    def test_every_text_is_xml(self) -> None:
        file = self.written("one")
        text = file.read_text(encoding="utf-8").replace("makes_one", '<a> & \\"b\\" \\u0001')
        file.write_text(text, encoding="utf-8")
        _, suite = self.junit(file)
        [failure] = next(iter(suite)).result
        self.assertIn('(<a> & "b" ? at report_cases.c', failure.text)


if __name__ == "__main__":
    main()
