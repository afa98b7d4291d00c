"""Instructions of one operation, on both sides of every ratio: what the times of bench_ratios come from, without noise.

Every side runs under callgrind once with N operations and once with 2 N; the difference, divided by N, is one operation:
starting, loading and warming up cancel out. callgrind counts on any machine and always the same; `perf stat` needs a
counter that virtual machines often don't have. The loop is in the figures of both sides: two instructions in C, about
one bytecode in Python for every twenty statements.

    instructions.py --program bench_ratios [--operations N] [--filter TEXT]

The Python rows are there if PYTHONPATH names the built modules, as the command bench_instructions does.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PYTHON_ROWS = pathlib.Path(__file__).parent / "python" / "rows.py"
ENVIRONMENT = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def counted(command):
    """Instructions that a program executes, from its start to its end."""
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        run = subprocess.run([*valgrind, *command], capture_output=True, text=True, check=False, env=ENVIRONMENT)
    found = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return int(found[1])


def each(command_for, operations):
    """Instructions of one operation."""
    return (counted(command_for(2 * operations)) - counted(command_for(operations))) / operations


def print_c_rows(options):
    """The rows of bench_ratios; a benchmark that several rows name runs once."""
    listed = subprocess.run([options.program, "--rows"], capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in listed.splitlines()]
    known = {}

    def instructions(name):
        if name not in known:
            known[name] = each(
                lambda count: [options.program, f"--iterations={count}", f"--benchmark_filter=^{name}(/|$)"],
                options.operations)
        return known[name]

    print("| what | instructions | baseline | instructions | ratio |\n| --- | --- | --- | --- | --- |")
    for what, measured, baseline in rows:
        if options.filter in what:
            ours, theirs = instructions(measured), instructions(baseline)
            print(f"| {what} | {ours:.1f} | {baseline} | {theirs:.1f} | {ours / theirs:.2f}x |", flush=True)


def print_python_rows(options):
    """The rows of python/rows.py."""
    sys.path.insert(0, str(PYTHON_ROWS.parent))
    import rows  # pylint: disable=import-outside-toplevel

    print("\n| what, from Python | raw C API | tallystick | ratio | pybind11 | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    for row in rows.ROWS:
        if options.filter not in row.name:
            continue
        at = {side: each(lambda count, side=side: [sys.executable, str(PYTHON_ROWS), row.name, side, str(count)],
                         options.operations) for side in rows.SIDES}
        print(f"| {row.name} | {at['raw']:.0f} | {at['tallystick']:.0f} | {at['tallystick'] / at['raw']:.2f}x "
              f"| {at['pybind11']:.0f} | {at['pybind11'] / at['raw']:.2f}x |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--operations", type=int, default=20_000)
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    print_c_rows(options)
    if "BENCH_MODULE" in os.environ:
        print_python_rows(options)


if __name__ == "__main__":
    main()
