#!/usr/bin/env python3
"""Checks one protocol of the runtime against every interleaving, with spin; and that the model would notice: each of its variants, which
leave out or misplace one step, has to fail.

    models_test.py MODEL.pml --spin SPIN --compiler CC
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile


def variants(model):
    text = model.read_text(encoding="utf-8")
    said = re.search(r"variants: ([A-Z_\s]+)\*/", text)
    names = said.group(1).split() if said else []
    unused = [name for name in names if not re.search(rf"#ifn?def {name}\b", text)]
    if not names or unused:
        sys.exit(f"{model.name}: the comment at its beginning names no variants, or some that are not in it: {unused}")
    return names


def check(model, variant, spin, compiler):
    """Whether every interleaving keeps the assertions, and what the checker says."""
    with tempfile.TemporaryDirectory(prefix="tallystick-models-") as folder:
        def run(*command):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

        code, said = run(spin, "-a", *([f"-D{variant}"] if variant else []), str(model))
        if code != 0 or "error" in said.lower():
            sys.exit(f"{model.name} {variant}: spin does not take it:\n{said}")
        code, said = run(compiler, "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c")
        if code != 0:
            sys.exit(f"{model.name} {variant}: what spin has made does not compile:\n{said}")
        _, said = run("./pan", "-m1000000")
        errors = re.search(r"errors: (\d+)", said)
        if not errors or "max search depth too small" in said or "Search not completed" in said and errors.group(1) == "0":
            sys.exit(f"{model.name} {variant}: the search did not end:\n{said}")
        return errors.group(1) == "0", said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--spin", required=True)
    parser.add_argument("--compiler", required=True)
    options = parser.parse_args()
    model = options.model.resolve()
    failed = False
    holds, said = check(model, "", options.spin, options.compiler)
    states = re.search(r"(\d+) states, stored", said)
    print(f"{model.stem}: {'holds' if holds else 'FAILS'}, {states.group(1) if states else '?'} states")
    if not holds:
        print(said)
        failed = True
    for variant in variants(model):
        holds, said = check(model, variant, options.spin, options.compiler)
        why = re.search(r"pan:1: (.*)", said)
        print(f"  {variant}: {'HOLDS, and must not' if holds else why.group(1) if why else 'fails'}")
        failed |= holds
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
