#!/usr/bin/env python3
"""Compiles one case with gcc and with clang and compares what each says with what the case expects; then again with -DFIXED, which
has to compile without a word, so that no case passes for a reason other than the one that it names.

A case says in comments of its own, for both compilers or for one:

    // expect: error: REGEX                 it does not compile, and an error matches
    // expect gcc: warning -Wuse-after-free it compiles, with a warning of that name
    // expect clang: nothing                it compiles without a word
    // std: c++20                           default: c11, c++17
    // flags gcc: -O1 -fanalyzer            beside -Wall -Wextra -Wpedantic
"""

import argparse
import pathlib
import re
import subprocess
import sys


def directives(text, key, compiler):
    """The values of `// key: value` and `// key COMPILER: value`."""
    return re.findall(rf"^// {key}(?: {compiler})?: (.+)$", text, re.M)


def compile_case(case, command, flags):
    done = subprocess.run(command + flags + ["-c", "-o", "/dev/null", str(case)], capture_output=True, text=True, errors="replace")
    return done.returncode, done.stderr + done.stdout


def mismatch(expected, code, output):
    """Why the output is not what was expected; None if it is."""
    kind, _, rest = expected.partition(" ")
    if kind == "nothing":
        return None if code == 0 and not output else "something was said"
    if kind == "warning":
        if code != 0:
            return "it did not compile"
        return None if re.search(rf"warning:.*\[{re.escape(rest)}[\]=]", output) else f"no warning {rest}"
    if kind == "error:":
        if code == 0:
            return "it compiled"
        return None if re.search(rf"error: .*{rest}", output) else f"no error matches {rest}"
    return f"'{expected}' is none of error: REGEX, warning -WNAME, nothing"


def check(case, compiler, program, includes):
    text = case.read_text()
    expected = directives(text, "expect", compiler)
    if len(expected) != 1:
        return [f"{compiler}: the case has to say what it expects, once"]
    language = case.suffix[1:]
    std = (directives(text, "std", compiler) or [{"c": "c11", "cpp": "c++17"}[language]])[0]
    command = [program, f"-std={std}", "-Wall", "-Wextra", "-Wpedantic"] + [f"-I{folder}" for folder in includes]
    flags = " ".join(directives(text, "flags", compiler)).split()
    failures = []
    code, output = compile_case(case, command, flags)
    why = mismatch(expected[0], code, output)
    if why:
        failures.append(f"{compiler}: expected {expected[0]}: {why}\n{output}")
    code, output = compile_case(case, command, flags + ["-DFIXED"])
    if code != 0 or output:
        failures.append(f"{compiler}: with -DFIXED it has to compile without a word\n{output}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", type=pathlib.Path)
    for compiler in ("gcc", "clang"):
        parser.add_argument(f"--{compiler}", required=True, help=f"{compiler} for the language of the case")
    parser.add_argument("-I", dest="includes", action="append", default=[])
    given = parser.parse_args()
    failures = []
    for compiler in ("gcc", "clang"):
        failures += check(given.case, compiler, getattr(given, compiler), given.includes)
    print("\n".join(failures) or f"{given.case.name}: as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
