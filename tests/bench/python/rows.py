"""What the Python benchmarks do: the same statement on every side, and the ratio that the design wants.

A row's statement is written out many times in a loop, as timeit would, so that the loop itself weighs little. Its names
are the loop's local variables.

    rows.py ROW SIDE COUNT      runs one side COUNT times and says nothing: for counting instructions
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat

import bench
import bench_plain
import bench_raw
import tallystick

UNROLLED = 20  # statements in one turn of the loop

# How a side makes its object.
SIDES = {"raw": "raw.Counter()", "pybind11": "plain.Counter()", "tallystick": "tally.Counter(module)"}


@dataclass(frozen=True)
class Row:
    """A statement; `make` stands for the expression that makes the side's object."""

    name: str
    statement: str
    target: float | None = None  # tallystick over raw, at most
    raw: str = SIDES["raw"]  # the raw side's object


ROWS = [
    Row("method", "counter.add(1)", 1.15),
    Row("with", "with make as made: made.add(1)", 1.05),
    Row("with, raw side also without the GIL", "with make as made: made.add(1)", None, "raw.Releasing()"),
    Row("str of 43 characters", "counter.name(text)"),
    Row("bytes, 4 KiB", "counter.take(fixed)"),
    Row("bytearray, 4 KiB", "counter.take(memory)"),
]

Loop = Callable[[int], None]


def loop_of(row: Row, side: str, module: bench.Module) -> Loop:
    """A function that runs the statement at least so often as it is told."""
    make = row.raw if side == "raw" else SIDES[side]
    names: dict[str, object] = {
        "raw": bench_raw,
        "plain": bench_plain,
        "tally": bench,
        "module": module,
        "text": "the quick brown fox jumps over the lazy dog",
        "fixed": bytes(4096),
        "memory": bytearray(4096),
        "repeat": repeat,
    }
    # The class is looked up once, as in a program that imported it.
    kind, _, rest = make.partition("(")
    lines = [f"def loop(count, module, text, fixed, memory, kind={kind}):"]
    if "make" not in row.statement:
        lines.append(f"  with kind({rest} as counter:")
    else:
        lines.append("  if True:")
    lines.append(f"    for _ in repeat(None, -(-count // {UNROLLED})):")
    lines += ["      " + row.statement.replace("make", f"kind({rest}")] * UNROLLED
    exec("\n".join(lines), names)  # pylint: disable=exec-used
    loop = names["loop"]
    given = [names[name] for name in ("module", "text", "fixed", "memory")]
    return lambda count: loop(count, *given)  # type: ignore[operator]


def load() -> bench.Module:
    """The module that the tallystick side calls."""
    return bench.Module.load(os.environ["BENCH_MODULE"])


def complain_if_unbalanced() -> None:
    """Ends the program with an error if something was not given back."""
    gc.collect()
    tallystick.collect()
    if left := tallystick.live():
        sys.exit(f"not given back: {left}")


def main() -> None:
    """One side of one row."""
    name, side, count = sys.argv[1:]
    row = next(each for each in ROWS if each.name == name)
    with load() as module:
        gc.disable()
        loop_of(row, side, module)(int(count))
        complain_if_unbalanced()


if __name__ == "__main__":
    main()
