"""The mistakes example: what it prints is what README.md shows, and the sites that it names are the right lines of source.

    mistakes_test.py --program PROGRAM --addr2line COMMAND [--update]

Sites vary with the compiler, so README.md's stand for any. With --update the output in README.md is written anew.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import unittest

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent
README = EXAMPLE / "README.md"
SOURCE = EXAMPLE / "mistakes.c"
OPTIONS = None

# What README.md shows, by the comment in front of it.
BLOCK = re.compile(r"(<!-- output: (\w+) -->\n```text\n)(.*?)(```\n)", re.DOTALL)
SITE = re.compile(r"\bmistakes\+(0x[0-9a-f]+)")

# What is called at a site, by the words in front of it.
CALLS = {
    "created at": r"_(create|address)\(",
    "given back at": r"(_destroy|_blob_free)\(",
    "given away at": r"_stick\(",
}


def run():
    return subprocess.run([OPTIONS.program], capture_output=True, text=True, check=False)


def portable(text):
    """A module that was not found by name is named by its whole path."""
    return SITE.sub("mistakes+0x…", re.sub(r"\S*/(?=post_north\.so)", "", text))


def line_at(offset):
    found = subprocess.run([OPTIONS.addr2line, "-e", OPTIONS.program, offset], capture_output=True, text=True, check=True)
    file, number = found.stdout.split()[0].rsplit(":", 1)
    if pathlib.Path(file).name != SOURCE.name:
        raise AssertionError(f"mistakes+{offset} is in {file}, not in {SOURCE.name}")
    return SOURCE.read_text(encoding="utf-8").splitlines()[int(number) - 1]


class Mistakes(unittest.TestCase):
    maxDiff = None

    def test_the_output_is_what_the_readme_shows(self):
        result = run()
        shown = {name: text for _, name, text, _ in BLOCK.findall(README.read_text(encoding="utf-8"))}
        self.assertEqual(set(shown), {"mistakes", "exit"})
        self.assertMultiLineEqual(portable(result.stdout), portable(shown["mistakes"]))
        self.assertMultiLineEqual(portable(result.stderr), portable(shown["exit"]))
        self.assertEqual(result.returncode, 0)

    def test_every_site_is_the_line_that_made_the_call(self):
        result = run()
        sites = re.findall(rf"(created at|given back at|given away at) {SITE.pattern}", result.stdout + result.stderr)
        self.assertGreater(len(sites), 12)
        for words, offset in sites:
            self.assertRegex(line_at(offset), CALLS[words], f"{words} mistakes+{offset}")

    def test_the_leak_is_named_where_it_was_made(self):
        found = re.search(rf"3 x post\.parcel of post_north, created at {SITE.pattern}\n", run().stderr)
        self.assertTrue(found)
        self.assertRegex(line_at(found[1]), r"forgotten = north->parcel_create\(")


def update():
    result = run()
    texts = {"mistakes": result.stdout, "exit": result.stderr}
    readme = README.read_text(encoding="utf-8")
    readme = BLOCK.sub(lambda found: found[1] + portable(texts[found[2]]) + found[4], readme)
    README.write_text(readme, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--addr2line", required=True)
    parser.add_argument("--update", action="store_true")
    OPTIONS, rest = parser.parse_known_args()
    if OPTIONS.update:
        update()
    else:
        unittest.main(argv=[sys.argv[0], *rest])
