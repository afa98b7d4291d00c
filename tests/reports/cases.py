"""What the tests of reports share: the program that does as it is told, and its reports."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest


class Options:
    """Where the build is; set by main()."""

    program = pathlib.Path()
    command = pathlib.Path()


class Program:
    """report_cases, running."""

    def __init__(self, **environment: str) -> None:
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith("TALLY_")}
        surroundings.setdefault("ASAN_OPTIONS", "detect_leaks=0")
        self._process = subprocess.Popen(
            [Options.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=surroundings | environment,
        )
        self.id = self._process.pid

    def do(self, *lines: str) -> str:
        """Each line; returns what was written on standard output meanwhile."""
        answer = ""
        for line in lines:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            while (said := self._process.stdout.readline()) != "ok\n":
                if not said:
                    raise AssertionError(f"it ended at '{line}': {self._process.stderr.read()}")
                answer += said
        return answer

    def told(self, what: str) -> str:
        """What it writes on standard error until that is in it."""
        seen = ""
        while what not in seen:
            line = self._process.stderr.readline()
            if not line:
                raise AssertionError(f"it ended, and has only said: {seen}")
            seen += line
        return seen

    def end(self) -> str:
        """Lets it end; returns what it has written on standard error."""
        with self._process:
            _, err = self._process.communicate(timeout=60)
        if self._process.returncode != 0:
            raise AssertionError(f"exit code {self._process.returncode}: {err}")
        return err


def reports(path: pathlib.Path, count: int) -> list[dict]:
    """The reports of a file, once there are so many: they are written by a thread, a moment later."""
    deadline = time.monotonic() + 30
    while True:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [line for line in lines if line.endswith("}")]
        if len(found) >= count:
            return [json.loads(line) for line in found]
        if time.monotonic() > deadline:
            raise AssertionError(f"{path} has {len(found)} reports, not {count}")
        time.sleep(0.01)


class Case(unittest.TestCase):
    """A test with a folder."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "report.json"

    def written(self, *lines: str, name: str = "", **environment: str) -> pathlib.Path:
        """The file that a program writes that has done this."""
        file = self.folder / name if name else self.file
        program = Program(TALLY_REPORT=str(file), TALLY_EXIT_REPORT="0", **environment)
        program.do(*lines)
        self.assertEqual(program.end(), "")
        return file


def main() -> None:
    """Runs the tests of the calling file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--command", type=pathlib.Path, required=True)
    options, rest = parser.parse_known_args()
    Options.program, Options.command = options.program, options.command
    unittest.main(argv=[sys.argv[0], *rest], verbosity=0)
