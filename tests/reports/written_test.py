"""What a program writes of its ledger: when, where, in which form. See cases.py for the options."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema

from cases import Case, Options, Program, main, reports

ROOT = Path(__file__).parents[2]
SITE = r"report_cases\+0x[0-9a-f]+"


def left(report: dict) -> list[tuple[int, str]]:
    return [(each["count"], each["class"]) for each in report["left"]]


class Moments(Case):
    def test_at_exit_also_when_all_is_balanced(self) -> None:
        [report] = reports(self.written("one", "back"), 1)
        self.assertEqual(report["moment"], "exit")
        self.assertEqual(left(report), [])
        [balance] = report["balances"]
        self.assertEqual((balance["module"], balance["class"], balance["issued"]), ("probe_1_1", "probe.probe", 1))

    def test_at_exit_with_what_is_left(self) -> None:
        [report] = reports(self.written("one", "one", "two"), 1)
        self.assertEqual(left(report), [(3, "probe.probe")])
        self.assertRegex(report["left"][0]["created"]["site"], f"^{SITE}$")
        self.assertEqual(report["process"]["program"], str(Options.program.resolve()))

    def test_the_terminal_is_told_as_well(self) -> None:
        program = Program(TALLY_REPORT=str(self.file))
        program.do("one")
        self.assertRegex(program.end(), rf"^tallystick: 1 object was never given back:\n  1 x probe.probe of probe_1_1, created at {SITE}")

    def test_at_a_signal(self) -> None:
        program = Program(TALLY_REPORT=str(self.file), TALLY_REPORT_ON="USR1,exit", TALLY_EXIT_REPORT="0")
        program.do("one", "raise")
        self.assertEqual([each["moment"] for each in reports(self.file, 1)], ["signal"])
        program.do("two", "raise")
        self.assertEqual([left(each) for each in reports(self.file, 2)], [[(1, "probe.probe")], [(2, "probe.probe")]])
        program.do("back", "back")
        self.assertEqual(program.end(), "")
        self.assertEqual([each["moment"] for each in reports(self.file, 3)], ["signal", "signal", "exit"])

    def test_at_a_signal_on_the_terminal(self) -> None:
        program = Program(TALLY_REPORT_ON="SIGUSR1,exit")
        program.do("one", "raise")
        seen = program.told("created at")
        self.assertTrue(seen.startswith("tallystick: the ledger:\nmodule "), seen)
        program.do("back")
        program.end()

    def test_at_the_first_misuse_alone(self) -> None:
        program = Program(TALLY_REPORT=str(self.file), TALLY_REPORT_ON="misuse")
        program.do("one", "misuse")
        [report] = reports(self.file, 1)
        self.assertEqual(report["moment"], "misuse")
        [misuse] = report["misuses"]
        self.assertEqual((misuse["status"], misuse["count"]), (-2, 1))
        self.assertRegex(misuse["first"], "^probe_probe_destroy: already destroyed: ")
        program.do("misuse", "misuse")
        self.assertEqual(program.end(), "", "exit is not among the moments")
        self.assertEqual(len(reports(self.file, 1)), 1)

    def test_misuses_are_counted(self) -> None:
        [report] = reports(self.written("misuse", "misuse", "misuse"), 1)
        self.assertEqual([(each["status"], each["count"]) for each in report["misuses"]], [(-2, 3)])

    def test_a_program_says_when_itself(self) -> None:
        program = Program()
        self.assertEqual(program.do(f"at USR1 {self.file}"), "0\n")
        program.do("one", "raise")
        reports(self.file, 1)
        self.assertEqual(program.do("at none"), "0\n")
        self.assertEqual(program.end(), "")
        self.assertEqual(len(reports(self.file, 1)), 1)

    def test_a_moment_that_there_is_not_is_refused(self) -> None:
        program = Program()
        self.assertEqual(program.do("at exit,sometimes"), "-15\n")
        self.assertRegex(program.do("error"), "^tally_report_at: invalid argument: 'moments' is 'exit,sometimes', which is no list of exit, misuse")
        program.do("one")
        self.assertIn("never given back", program.end(), "nothing has changed")

    def test_a_moment_of_the_environment_that_there_is_not_is_named(self) -> None:
        self.assertRegex(Program(TALLY_REPORT_ON="KILL").end(), "^tallystick: TALLY_REPORT_ON is 'KILL', which is no list of exit")

    def test_the_process_is_in_the_name(self) -> None:
        program = Program(TALLY_REPORT=str(self.folder / "%p.%p.json"))
        program.end()
        self.assertEqual([each.name for each in self.folder.iterdir()], [f"{program.id}.{program.id}.json"])

    def test_a_file_that_cannot_be_written_is_named(self) -> None:
        file = self.folder / "none" / "report.json"
        self.assertEqual(
            Program(TALLY_REPORT=str(file)).end(),
            f"tallystick: the report can't be written to '{file}': No such file or directory\n",
        )

    def test_a_process_starts_its_file_anew(self) -> None:
        self.written("one")
        self.assertEqual(left(reports(self.written(), 1)[0]), [])
        self.assertEqual(len(reports(self.file, 1)), 1)

    def test_a_forked_child_reports_nothing(self) -> None:
        file = self.written("fork", "one", TALLY_REPORT_ON="exit,USR1")
        self.assertEqual([left(each) for each in reports(file, 1)], [[(1, "probe.probe")]])
        self.assertEqual(len(reports(file, 1)), 1)


class Forms(Case):
    def test_json_is_one_line(self) -> None:
        program = Program()
        answer = program.do("one", "json")
        self.assertEqual(answer.count("\n"), 1)
        self.assertEqual(json.loads(answer)["moment"], "demand")
        program.do("back")
        program.end()

    def test_only_what_is_left(self) -> None:
        program = Program()
        self.assertEqual(program.do("left"), "")
        self.assertRegex(program.do("one", "left"), "^tallystick: 1 object is live:\n  1 x probe.probe ")
        self.assertRegex(program.do("text"), "^module +class +issued +retired +live\n")
        program.do("back")
        program.end()

    def test_text_that_is_no_text_is_json_all_the_same(self) -> None:
        folder = self.folder / "a\"b\\c\nd"
        folder.mkdir()
        link = str(folder / "e").encode() + b"\xff\xfe"
        shutil.copy(Options.program, link)
        libraries = Options.program.parent.parent / "lib"
        surroundings = os.environ | {"LD_LIBRARY_PATH": str(libraries), "TALLY_REPORT": str(self.file)}
        subprocess.run([link], check=True, input="", text=True, env=surroundings, capture_output=True)
        [report] = reports(self.file, 1)
        self.assertEqual(report["process"]["program"], f"{folder}/e??")


class Stacks(Case):
    def places(self, report: dict) -> list[list[str]]:
        return [[re.sub(" at .*", "", place.get("place", "?")) for place in each.get("stack", [])] for each in report["left"]]

    def test_one_address_without(self) -> None:
        [report] = reports(self.written("one", "two"), 1)
        self.assertEqual(len(report["left"]), 1)
        self.assertNotIn("stack", report["left"][0])

    def test_each_stack_is_a_site(self) -> None:
        [report] = reports(self.written("one", "two", "two", TALLY_SITES="stack"), 1)
        self.assertEqual([each["count"] for each in report["left"]], [2, 1])
        two, one = self.places(report)
        self.assertEqual(two[:4], ["makes_one", "path_two", "does", "main"])
        self.assertEqual(one[:4], ["makes_one", "path_one", "does", "main"])

    def test_as_many_frames_as_are_asked_for(self) -> None:
        [report] = reports(self.written("one", TALLY_SITES="stack:2"), 1)
        self.assertEqual(self.places(report), [["makes_one", "path_one"]])
        [report] = reports(self.written("one", TALLY_SITES="stack:1"), 1)
        self.assertEqual(self.places(report), [[]])

    def test_one_in_so_many(self) -> None:
        [report] = reports(self.written(*["one"] * 30, TALLY_SITES="stack:3/10"), 1)
        counts = {("stack" in each): each["count"] for each in report["left"]}
        self.assertEqual(counts, {True: 3, False: 27})

    def test_the_terminal_shows_them(self) -> None:
        program = Program(TALLY_SITES="stack:3")
        program.do("one")
        self.assertRegex(
            program.end(),
            rf"\n  1 x probe.probe of probe_1_1, created at {SITE} \(makes_one at report_cases.c:\d+\)\n"
            rf"      called from {SITE} \(path_one at report_cases.c:\d+\)\n      called from {SITE} \(does at report_cases.c:\d+\)\n$",
        )

    def test_a_misuse_names_the_call(self) -> None:
        program = Program(TALLY_SITES="stack")
        self.assertRegex(program.do("misuse", "error"), rf"created at {SITE}, given back at {SITE}\n$")
        program.end()

    def test_by_the_program(self) -> None:
        program = Program(TALLY_REPORT=str(self.file), TALLY_EXIT_REPORT="0")
        self.assertEqual(program.do("stacks 1 2", "one", "stacks 0 0", "two", "stacks 1 0", "one"), "0\n0\n0\n")
        self.assertEqual(program.do("stacks 1 65"), "-15\n")
        self.assertRegex(program.do("error"), "^tally_site_keep_stacks: invalid argument: 'frames' is 65, which is not 0 to 64")
        program.end()
        [report] = reports(self.file, 1)
        self.assertEqual(sorted(self.places(report)), [[], ["makes_one", "path_one"]])
        self.assertEqual(sorted(each["count"] for each in report["left"]), [1, 2])

    def test_a_setting_that_is_none_is_named(self) -> None:
        for setting in ("stacks", "stack:0", "stack:65", "stack/0", "stack:8/x", "all"):
            with self.subTest(setting):
                self.assertRegex(Program(TALLY_SITES=setting).end(), f"^tallystick: TALLY_SITES is '{setting}', which is neither 'call' nor")

    def test_a_forked_child_takes_none(self) -> None:
        program = Program(TALLY_SITES="stack")
        program.do("fork")
        self.assertEqual(program.end(), "")


class Schema(Case):
    """Reports and their schema, by another validator than the one that `tallystick report` has."""

    def test_reports_are_valid(self) -> None:
        schema = json.loads((ROOT / "abi" / "schema" / "report.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        self.written("one", "two", "misuse", TALLY_SITES="stack")
        merged = self.folder / "merged.json"
        subprocess.run([Options.command, "report", self.file, "--json", merged], capture_output=True, check=False)
        for [report] in (reports(self.file, 1), reports(merged, 1)):
            jsonschema.validate(report, schema)
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(report | {"balances": [{}]}, schema)


if __name__ == "__main__":
    main()
