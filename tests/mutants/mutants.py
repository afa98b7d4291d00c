#!/usr/bin/env python3
"""Plants bugs, one at a time, and sees whether a test notices (README.md).

Each mutant of list/*.json is planted in a copy of the sources, built, and put before the test that is to kill it. Exit
code 0: all were killed. 1: one survived, did not apply or did not compile. 2: the command line is wrong.
"""
import argparse
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True  # tests leave nothing behind among the sources

import catalogue
import killers
from catalogue import Mistake
from worktree import WorkTree

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent


def parse(arguments):
    parser = argparse.ArgumentParser(description="Plants bugs, one at a time, and sees whether a test notices.")
    parser.add_argument("--source", default=TOP, help="the sources (default: this checkout)")
    parser.add_argument("--mutants", default=HERE / "list", help="the folder of lists")
    parser.add_argument("--work", default=TOP / "build" / "mutants", help="where the copy and its build go")
    parser.add_argument("--define", action="append", default=[], metavar="NAME=VALUE", help="a cache variable for CMake")
    parser.add_argument("--only", nargs="+", metavar="ID", help="these mutants")
    parser.add_argument("--sample", type=int, metavar="N", help="N mutants, spread over the components; always the same ones")
    parser.add_argument("--without", nargs="+", default=[], metavar="COMPONENT", help="none of these components")
    parser.add_argument("--list", action="store_true", help="show the mutants and do nothing")
    parser.add_argument("--table", action="store_true", help="print the README's table and do nothing")
    parser.add_argument("--update", action="store_true", help="write the README's table anew and do nothing")
    parser.add_argument("--check", action="store_true", help="only check that every mutant applies")
    parser.add_argument("--timeout", type=int, default=killers.TEST_SECONDS, metavar="SECONDS", help="when a test hangs")
    return parser.parse_args(arguments)


def prepare(worktree, mutants):
    """Builds what is needed, without a bug in it."""
    print(f"copying to {worktree.tree} and building what {len(mutants)} mutants need", flush=True)
    worktree.sync()
    worktree.configure()
    worktree.build(sorted({target for mutant in mutants for target in mutant.targets}))


def unmutated(worktree, mutants, seconds):
    """The tests that the mutants name, by name; each once, and each has to pass."""
    tests = killers.known_tests(worktree.build_folder)
    found = {}
    mistakes = []
    for name in dict.fromkeys(mutant.killed_by for mutant in mutants):
        try:
            found[name] = killers.killer_of(name, tests, worktree.build_folder)
        except Mistake as mistake:
            mistakes.append(str(mistake))
            continue
        outcome = killers.run(found[name], seconds)
        if not outcome.passed:
            mistakes.append(f"{name}: {outcome.how} without any mutant, so it can't kill one:\n{outcome.output[-3000:]}")
    if mistakes:
        raise Mistake("\n".join(mistakes))
    return found


def try_one(worktree, mutant, killer, seconds):
    """What becomes of one mutant: a verdict, and what to say of it."""
    original = None
    try:
        original = worktree.plant(mutant)
        worktree.build(mutant.targets)
        outcome = killers.run(killer, seconds)
    except Mistake as mistake:
        return "broken", str(mistake)
    finally:
        if original is not None:
            worktree.restore(mutant, original)
    if outcome.passed:
        return "SURVIVED", f"{killer.name} passes; strengthen it, or name a test that does not"
    if not outcome.is_failure:
        return "broken", f"{killer.name} {outcome.how}, which is no test's failure:\n{outcome.output[-3000:]}"
    return "killed", f"{killer.name} {outcome.how}"


def try_all(worktree, mutants, found, seconds):
    """Tries them one after the other and says of each what became of it. Returns the verdicts."""
    verdicts = []
    for mutant in mutants:
        start = time.monotonic()
        verdict, told = try_one(worktree, mutant, found[mutant.killed_by], seconds)
        verdicts.append(verdict)
        print(f"{verdict:8} {mutant.id} ({time.monotonic() - start:.0f} s): {mutant.breaks} {told}", flush=True)
    return verdicts


def summary(verdicts):
    counts = [f"{verdicts.count(verdict)} {verdict}" for verdict in ("killed", "SURVIVED", "broken")]
    return f"{len(verdicts)} mutants: " + ", ".join(counts)


def selected(arguments):
    mutants = [each for each in catalogue.load(arguments.mutants) if each.component not in arguments.without]
    if arguments.only:
        return catalogue.chosen(mutants, arguments.only)
    return catalogue.sample(mutants, arguments.sample) if arguments.sample else mutants


def only_tell(arguments, mutants):
    """What is asked for without trying anything; false if that is not all."""
    if arguments.table:
        print(catalogue.table(mutants), end="")
    elif arguments.update:
        readme = HERE / "README.md"
        above = readme.read_text(encoding="utf-8").partition(catalogue.TABLE_HEAD)[0]
        readme.write_text(above + catalogue.table(mutants), encoding="utf-8")
    elif arguments.list:
        print("\n".join(f"{mutant.id}: {mutant.breaks}" for mutant in mutants))
    elif arguments.check:
        catalogue.check(mutants, arguments.source)
        print(f"{len(mutants)} mutants apply")
    else:
        return False
    return True


def main(arguments):
    arguments = parse(arguments)
    mutants = selected(arguments)
    if only_tell(arguments, mutants):
        return 0
    catalogue.check(mutants, arguments.source)
    worktree = WorkTree(arguments.source, arguments.work, [f"-D{define}" for define in arguments.define])
    prepare(worktree, mutants)
    verdicts = try_all(worktree, mutants, unmutated(worktree, mutants, arguments.timeout), arguments.timeout)
    print(summary(verdicts))
    return 0 if set(verdicts) <= {"killed"} else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Mistake as mistake:
        sys.exit(f"mutants.py: {mistake}")
