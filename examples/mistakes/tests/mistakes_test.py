"""The mistakes example: what it prints is what README.md shows, and the sites that it names are the right lines of source.

    mistakes_test.py --program PROGRAM --addr2line COMMAND [--update]

Sites vary with the compiler, so README.md's stand for any. With --update the output in README.md is written anew.
"""

import argparse
import re
import sys
import unittest

from sites import CALLS, EXAMPLE, Program

README = EXAMPLE / "README.md"
PROGRAM = None

# What README.md shows, by the comment in front of it.
BLOCK = re.compile(r"(<!-- output: (\w+) -->\n```text\n)(.*?)(```\n)", re.DOTALL)


class Mistakes(unittest.TestCase):
    maxDiff = None

    def test_the_output_is_what_the_readme_shows(self):
        result = PROGRAM.run()
        shown = {name: text for _, name, text, _ in BLOCK.findall(README.read_text(encoding="utf-8"))}
        self.assertEqual(set(shown), {"mistakes", "exit"})
        self.assertMultiLineEqual(PROGRAM.portable(result.stdout), PROGRAM.portable(shown["mistakes"]))
        self.assertMultiLineEqual(PROGRAM.portable(result.stderr), PROGRAM.portable(shown["exit"]))
        self.assertEqual(result.returncode, 0)

    def test_every_site_is_the_line_that_made_the_call(self):
        result = PROGRAM.run()
        sites = PROGRAM.sites(result.stdout + result.stderr)
        self.assertGreater(len(sites), 12)
        for words, line in sites:
            self.assertRegex(line, CALLS[words], words)

    def test_the_leak_is_named_where_it_was_made(self):
        sites = PROGRAM.sites(PROGRAM.run().stderr)
        self.assertEqual(len(sites), 1)
        self.assertRegex(sites[0][1], r"forgotten = north->parcel_create\(")


def update():
    result = PROGRAM.run()
    texts = {"mistakes": result.stdout, "exit": result.stderr}
    readme = README.read_text(encoding="utf-8")
    readme = BLOCK.sub(lambda found: found[1] + PROGRAM.portable(texts[found[2]]) + found[4], readme)
    README.write_text(readme, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--addr2line", required=True)
    parser.add_argument("--update", action="store_true")
    given, rest = parser.parse_known_args()
    PROGRAM = Program(given.program, given.addr2line)
    if given.update:
        update()
    else:
        unittest.main(argv=[sys.argv[0], *rest])
