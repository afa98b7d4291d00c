"""What a call from Python costs: Tallystick beside a type written by hand with the C API, and beside plain pybind11.

All sides of a row are measured in one process, interleaved at random, in CPU time of this thread, so that what else the
machine does disturbs them alike; and that in several processes, since where things happen to lie in memory is worth up to
a fifth of a call. Shown are medians, and ratios beside the design's targets. Nothing is asserted but that everything was
given back.

    ratios.py [--processes N] [--repetitions N] [--milliseconds N] [--filter TEXT]
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import time

import rows

Times = dict[str, dict[str, list[float]]]  # nanoseconds of one operation, by row and side


def seconds(loop: rows.Loop, count: int) -> float:
    """What `count` operations take."""
    start = time.thread_time_ns()
    loop(count)
    return (time.thread_time_ns() - start) / 1e9


def count_for(loop: rows.Loop, wanted: float) -> int:
    """How many operations take about so many seconds."""
    count = rows.UNROLLED
    while (taken := seconds(loop, count)) < wanted / 4:
        count *= 2
    turns = count * wanted / taken / rows.UNROLLED
    return rows.UNROLLED * max(1, round(turns))


def times_of(row: rows.Row, module: rows.bench.Module, options: argparse.Namespace) -> dict[str, list[float]]:
    """What this process measures."""
    loops = {side: rows.loop_of(row, side, module) for side in rows.SIDES}
    counts = {side: count_for(loop, options.milliseconds / 1000) for side, loop in loops.items()}
    turns = list(loops) * options.repetitions
    random.shuffle(turns)
    times: dict[str, list[float]] = {side: [] for side in loops}
    for side in turns:
        times[side].append(seconds(loops[side], counts[side]) / counts[side] * 1e9)
    return times


def measure(options: argparse.Namespace) -> None:
    """One process of several: prints its times."""
    with rows.load() as module:
        gc.disable()
        times = {row.name: times_of(row, module, options) for row in rows.ROWS if options.filter in row.name}
        gc.enable()
        rows.complain_if_unbalanced()
    json.dump(times, sys.stdout)


def gather(options: argparse.Namespace) -> Times:
    """The times of all processes."""
    gathered: Times = {}
    command = [sys.executable, __file__, "--processes=0", f"--repetitions={options.repetitions}",
               f"--milliseconds={options.milliseconds}", f"--filter={options.filter}"]
    for _ in range(options.processes):
        measured = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        for name, sides in json.loads(measured).items():
            for side, times in sides.items():
                gathered.setdefault(name, {}).setdefault(side, []).extend(times)
    return gathered


def show(gathered: Times) -> None:
    """The table."""
    print("| what | raw C API, ns | tallystick, ns | ratio | target | pybind11, ns | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows.ROWS:
        if row.name not in gathered:
            continue
        at = {side: statistics.median(times) for side, times in gathered[row.name].items()}
        ratio = at["tallystick"] / at["raw"]
        missed = ", missed" if row.target and ratio > row.target else ""
        target = f"{row.target:.2f}x{missed}" if row.target else ""
        print(f"| {row.name} | {at['raw']:.1f} | {at['tallystick']:.1f} | {ratio:.2f}x | {target} "
              f"| {at['pybind11']:.1f} | {at['pybind11'] / at['raw']:.2f}x |")


def main() -> None:
    """Gathers, or (no processes) measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=7)
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--milliseconds", type=float, default=10)
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    if options.processes == 0:
        measure(options)
        return
    try:
        show(gather(options))
    except subprocess.CalledProcessError as error:
        sys.exit(f"a measuring process failed with exit code {error.returncode}; what it said is above")


if __name__ == "__main__":
    main()
