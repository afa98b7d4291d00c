"""Instructions per packed file from Python: the loop of the Python host at most so much above that of the C host.

What is counted is packing a file of 4 MiB less packing an empty one, on both sides: starting Python, importing and loading
cancel out, and what the file itself takes is left. Counted with callgrind, so the number does not depend on the machine's
load. Packing the same bytes to the same result is checked too.

    python_instructions.py --checked PROGRAM --host FOLDER --library NAME --module FILE --input FILE [--limit RATIO]
"""

import argparse
import filecmp
import os
import pathlib
import sys
import tempfile

from instructions import INPUT_SIZE, instructions

PACK = pathlib.Path(__file__).parent / "pack.py"


def parse():
    parser = argparse.ArgumentParser()
    for name in ("checked", "host", "library", "module", "input"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--limit", type=float, default=1.01)
    return parser.parse_args()


def for_file(program, arguments, folder, result):
    """Instructions that the file takes, its opening and closing not counted."""
    def total(name):
        return instructions(program, [*arguments, str(folder / name), str(result)], folder)

    empty = total("empty")
    return total("input") - empty, empty


def main():
    options = parse()
    os.environ.update(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory(prefix="tallystick-cost-") as name:
        folder = pathlib.Path(name)
        with open(options.input, "rb") as source:
            (folder / "input").write_bytes(source.read(INPUT_SIZE))
        (folder / "empty").touch()
        c_out, python_out = folder / "c.out", folder / "python.out"

        in_c, start_c = for_file(options.checked, [options.module], folder, c_out)
        in_python, start_python = for_file(
            sys.executable, [str(PACK), options.host, options.module], folder, python_out)
        if not filecmp.cmp(c_out, python_out, shallow=False):
            sys.exit(f"{options.library}: C and Python packed {options.input} differently, "
                     "so their instructions can't be compared")

        ratio = in_python / in_c
        print(f"{options.library}: {(folder / 'input').stat().st_size} bytes of {options.input}")
        print(f"  C        {in_c:>13,} instructions")
        print(f"  Python   {in_python:>13,} instructions")
        print(f"  ratio    {ratio:>13.5f}  (limit {options.limit})")
        print(f"  once per process, an empty file included: C {start_c:,}, Python {start_python:,}")
        if ratio > options.limit:
            sys.exit(f"{options.library}: {ratio:.5f} is more than {options.limit}")


if __name__ == "__main__":
    main()
