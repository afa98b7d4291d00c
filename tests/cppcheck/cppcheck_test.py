"""Runs cppcheck on one case with the configuration that the generator writes for tests/golden/ownership.json, and compares what it
finds with what the case expects; then without the configuration, which has to find nothing, so that it is what finds it.

    cppcheck_test.py --cppcheck COMMAND --tallystick COMMAND CASE

A case says at the end of each line on which something is found what that is: // expect: resourceLeak
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def expected(case):
    """{(line, id)} from the comments `// expect: ID`."""
    return {(number, found) for number, line in enumerate(case.read_text().splitlines(), 1)
            for found in re.findall(r"// expect: (\w+)", line)}


def found(cppcheck, case, headers, options):
    done = subprocess.run([cppcheck, "--enable=warning", "--quiet", "--template={line} {id}",
                           "--suppress=missingInclude", f"-I{headers}", f"-I{ROOT / 'abi' / 'include'}", *options, case],
                          capture_output=True, text=True, check=False)
    lines = [re.fullmatch(r"(\d+) (\w+)", line) for line in done.stderr.splitlines()]
    if done.returncode or not all(lines):
        sys.exit(f"cppcheck failed on {case.name}:\n{done.stdout}{done.stderr}")
    return {(int(line[1]), line[2]) for line in lines}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cppcheck", required=True)
    parser.add_argument("--tallystick", required=True)
    parser.add_argument("case", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tallystick-cppcheck-") as folder:
        subprocess.run([options.tallystick, "gen", ROOT / "tests" / "golden" / "ownership.json", "--lang", "c", "--out", folder],
                       check=True)
        with_it = found(options.cppcheck, options.case, folder, [f"--library={folder}/ownership.cfg"])
        without = found(options.cppcheck, options.case, folder, [])
    if with_it != expected(options.case):
        sys.exit(f"expected {sorted(expected(options.case))}, found {sorted(with_it)}")
    if without:
        sys.exit(f"found without the configuration: {sorted(without)}")


if __name__ == "__main__":
    main()
