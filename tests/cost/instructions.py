"""Instructions per packed file: through a module at most so much above the same work done by calling the library.

Counts with callgrind, which gives the same number every time, on any load. What is counted is packing one file, from opening
the stream to its end; what a process does once (loading libraries, relocating them) is shown, but not held against anybody.
Packing the same bytes to the same result is checked too.

    instructions.py --direct PROGRAM --checked PROGRAM --library NAME --module FILE --input FILE [--limit RATIO]
"""

import argparse
import filecmp
import pathlib
import re
import subprocess
import sys
import tempfile

INPUT_SIZE = 4 << 20


def instructions(program, arguments, folder, only=None):
    """Instructions that `program` executes: in the function `only` and what it calls, or (None) in all."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind.out"]
    if only:
        command.append(f"--toggle-collect={only}")
    run = subprocess.run([*command, program, *arguments], capture_output=True, text=True, check=False)
    counted = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode != 0 or not counted:
        sys.exit(f"{program} {' '.join(arguments)}: exit code {run.returncode}\n{run.stderr}")
    if int(counted[1]) == 0:
        sys.exit(f"{program}: nothing was counted in {only}: has it been renamed or inlined?")
    return int(counted[1])


def parse():
    parser = argparse.ArgumentParser()
    for name in ("direct", "checked", "library", "module", "input"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--limit", type=float, default=1.01)
    return parser.parse_args()


def main():
    options = parse()
    with tempfile.TemporaryDirectory(prefix="tallystick-cost-") as name:
        folder = pathlib.Path(name)
        plain, empty = folder / "input", folder / "empty"
        with open(options.input, "rb") as source:
            plain.write_bytes(source.read(INPUT_SIZE))
        empty.touch()
        direct_out, checked_out = str(folder / "direct.out"), str(folder / "checked.out")

        direct = instructions(
            options.direct, [options.library, str(plain), direct_out], folder, f"cost_pack_{options.library}")
        checked = instructions(options.checked, [options.module, str(plain), checked_out], folder, "cost_pack_checked")
        if not filecmp.cmp(direct_out, checked_out, shallow=False):
            sys.exit(f"{options.library}: the direct and the checked program packed {options.input} differently, "
                     "so their instructions can't be compared")
        start_direct = instructions(options.direct, [options.library, str(empty), direct_out], folder)
        start_checked = instructions(options.checked, [options.module, str(empty), checked_out], folder)

        ratio = checked / direct
        print(f"{options.library}: {plain.stat().st_size} bytes of {options.input}")
        print(f"  direct   {direct:>13,} instructions")
        print(f"  checked  {checked:>13,} instructions")
        print(f"  ratio    {ratio:>13.5f}  (limit {options.limit})")
        print(f"  once per process, an empty file included: direct {start_direct:,}, checked {start_checked:,}")
        if ratio > options.limit:
            sys.exit(f"{options.library}: {ratio:.5f} is more than {options.limit}")


if __name__ == "__main__":
    main()
