"""Named tests as commands, and what became of a run: passed, failed as a test fails, or something else.

What ctest knows of a test (command, environment, folder) is asked for once, while nothing is mutated, so that a program
that crashes when it lists its tests cannot hide what it was to be asked.
"""
import json
import os
import signal
import subprocess
from dataclasses import dataclass, field

from catalogue import Mistake

TEST_SECONDS = 60  # a mutant that hangs is as good as killed
# Exit codes of a test that found something: gtest's, pytest's and unittest's 1, and those of a crash.
FAILED = 1
FIRST_CRASH = 128


@dataclass(frozen=True)
class Killer:
    """A test that can be run."""
    name: str
    command: tuple
    folder: str
    environment: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Outcome:
    """How a test ended. `is_failure`: as a test that found something does."""
    passed: bool
    is_failure: bool
    how: str
    output: str


def known_tests(build_folder):
    """All tests that ctest knows in a build folder, by name."""
    shown = subprocess.run(["ctest", "--test-dir", str(build_folder), "--show-only=json-v1"], capture_output=True, text=True,
                           check=False)
    if shown.returncode != 0:
        raise Mistake(f"ctest does not list its tests: {shown.stderr.strip()}")
    # Behind the name of a test with parameters gtest says what they are.
    return {test["name"].split("  # ")[0]: test for test in json.loads(shown.stdout)["tests"]}


def killer_of(name, tests, build_folder):
    """The test that a mutant names. Raises Mistake if there is none."""
    test, _, case = name.partition("::")
    command = tests.get(test, {}).get("command")
    if not command:
        raise Mistake(f"{name}: there is no such test, or the mutant's targets do not build it")
    properties = {each["name"]: each["value"] for each in tests[test].get("properties", [])}
    if case and command[-1].endswith(".py"):
        command = [*command[:-1], f"{command[-1]}::{case}"]
    elif case:
        command = [*command, f"--gtest_filter=*.{case}"]
    environment = dict(each.split("=", 1) for each in properties.get("ENVIRONMENT", []))
    return Killer(name, tuple(command), properties.get("WORKING_DIRECTORY", str(build_folder)), environment)


def end_group(process):
    """Ends a test and whatever it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # they have ended by themselves


def run(killer, seconds=TEST_SECONDS):
    """Runs a test; what hangs is ended."""
    if not os.access(killer.command[0], os.X_OK):
        return Outcome(False, False, "is not there", f"no program {killer.command[0]}")
    process = subprocess.Popen(killer.command, cwd=killer.folder, env={**os.environ, **killer.environment},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return Outcome(False, True, f"hangs: ended after {seconds} s", "")
    finally:
        end_group(process)
        process.wait()
    return judged(process.returncode, output)


def judged(code, output):
    """What an exit code says."""
    if code == 0:
        return Outcome(True, False, "passes", output)
    if code < 0 or code >= FIRST_CRASH:
        number = -code if code < 0 else code - FIRST_CRASH
        return Outcome(False, True, f"crashes with signal {number}", output)
    return Outcome(False, code == FAILED, "fails" if code == FAILED else f"ends with exit code {code}", output)
