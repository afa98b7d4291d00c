"""What a call from Python costs: Tallystick beside a type written by hand with the C API, and beside plain pybind11.

All sides of a row are measured in one process, interleaved at random, in CPU time of this thread, so that what else the
machine does disturbs them alike. Shown are medians, and ratios beside the design's targets. Nothing is asserted but that
everything was given back.

    ratios.py [--repetitions N] [--milliseconds N] [--filter TEXT]
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time

import rows


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
    return max(rows.UNROLLED, round(count * wanted / taken))


def medians(row: rows.Row, module: rows.bench.Module, options: argparse.Namespace) -> dict[str, float]:
    """Nanoseconds of one operation, by side."""
    loops = {side: rows.loop_of(row, side, module) for side in rows.SIDES}
    wanted = options.milliseconds / 1000
    counts = {side: count_for(loop, wanted) for side, loop in loops.items()}
    turns = list(loops) * options.repetitions
    random.shuffle(turns)
    times: dict[str, list[float]] = {side: [] for side in loops}
    for side in turns:
        times[side].append(seconds(loops[side], counts[side]) / counts[side] * 1e9)
    return {side: statistics.median(each) for side, each in times.items()}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=25)
    parser.add_argument("--milliseconds", type=float, default=20)
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    print("| what | raw C API, ns | tallystick, ns | ratio | target | pybind11, ns | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with rows.load() as module:
        gc.disable()
        for row in rows.ROWS:
            if options.filter not in row.name:
                continue
            at = medians(row, module, options)
            ratio = at["tallystick"] / at["raw"]
            missed = ", missed" if row.target and ratio > row.target else ""
            target = f"{row.target:.2f}x{missed}" if row.target else ""
            print(f"| {row.name} | {at['raw']:.1f} | {at['tallystick']:.1f} | {ratio:.2f}x | {target} "
                  f"| {at['pybind11']:.1f} | {at['pybind11'] / at['raw']:.2f}x |", flush=True)
        gc.enable()
        rows.complain_if_unbalanced()


if __name__ == "__main__":
    main()
