"""Peak memory does not grow with the file: the codec host, given a small and a large file, must report about the same peak
for every module.

Files are generated: one sparse (nothing but zeros, which is the worst that can happen to a decoder), one of repeated data
that packs to something. The large ones are 96 MB, or 2 GB with --full.

    memory.py --host PROGRAM --modules FOLDER [--full]
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

MB = 1_000_000
SMALL = 16 * MB
SLACK = 2.0  # MB: allocators keep a little more or less


def make_sparse(path, size):
    with open(path, "wb") as file:
        os.truncate(file.fileno(), size)


def make_repeated(path, size):
    """A megabyte that half packs, over and over; longer than any codec's window at its default level."""
    block = bytes(random.Random(1).choices(range(64), k=3 * MB))
    with open(path, "wb") as file:
        while size > 0:
            size -= file.write(block[:size])


def peaks(host, modules, path):
    """Peak memory in MB by module, as the host prints it in its table's last column."""
    run = subprocess.run([host, modules, path], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{host} {modules} {path}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    rows = [line.split() for line in run.stdout.splitlines()]
    return {row[0]: float(row[6]) for row in rows if len(row) == 7 and row[1].isdigit()}


def compare(kind, make, large, options, folder):
    small_path, large_path = folder / f"{kind}.small", folder / f"{kind}.large"
    make(small_path, SMALL)
    make(large_path, large)
    before, after = (peaks(options.host, options.modules, str(path)) for path in (small_path, large_path))
    large_path.unlink()
    if not before or before.keys() != after.keys():
        sys.exit(f"{options.host}: its table can't be read: {before} for the small file, {after} for the large one")
    worst = 0.0
    for module in before:
        growth = after[module] - before[module]
        worst = max(worst, growth)
        print(f"{kind:<9} {module:<12} {SMALL // MB:>5} MB: peak {before[module]:6.1f} MB"
              f"   {large // MB:>5} MB: peak {after[module]:6.1f} MB   {growth:+.1f}")
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    large = 2048 * MB if options.full else 96 * MB
    with tempfile.TemporaryDirectory(prefix="tallystick-cost-") as name:
        folder = pathlib.Path(name)
        worst = max(compare(kind, make, large, options, folder)
                    for kind, make in (("sparse", make_sparse), ("repeated", make_repeated)))
    if worst > SLACK:
        sys.exit(f"peak memory grew by {worst:.1f} MB with the file; at most {SLACK} MB is chance")


if __name__ == "__main__":
    main()
