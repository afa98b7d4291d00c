"""The eleven bugs: seeds.md shows each as the plain program, with what the tools say of that (plain/bugs.json) and with what the
program seeds prints; and the sites that it names are the right lines of source.

    seeds_test.py --program PROGRAM --addr2line COMMAND [--update]

With --update seeds.md is written anew.
"""

import argparse
import json
import re
import sys
import unittest

from sites import CALLS, EXAMPLE, Program

PAGE = EXAMPLE / "seeds.md"
BUGS = EXAMPLE / "plain" / "bugs.json"
PROGRAM = None

HEAD = """# Eleven bugs, in plain C and C++ and with Tallystick

Each bug is shown three times: as a [plain](plain/README.md) program; as what compilers, analyzers, sanitizers and valgrind say of
that; and as what [seeds.c](seeds.c) prints, which does the same with objects of a module.

"""

FOOT = """## When the program has ended

On standard error, from libtally: the three parcels of bug 5, and the two routes of bug 8.

```text
{exit}```
"""

SECTION = """## {number}. {title}

[{program}](plain/{program}){libraries}:

```{language}
{source}```

{said}

With Tallystick:

```text
{answer}
```

{note}

"""


def plain_source(bug):
    """The program without the comment at its top and without includes."""
    text = (EXAMPLE / "plain" / bug["program"]).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines()[1:] if not line.startswith("#include")]
    return "\n".join(lines).strip() + "\n"


def tools_said(bug):
    """One line for each tool that said something, and one for those that did not."""
    spoke = {tool: cell for tool, cell in bug["said"].items() if cell != "nothing"}
    silent = [tool for tool in bug["said"] if tool not in spoke]
    lines = [f"- {tool}: {cell if tool == 'run' else f'`{cell}`'}" for tool, cell in spoke.items()]
    return "\n".join(lines + [f"- {', '.join(silent)}: nothing"] * bool(silent))


def answers(output):
    """What seeds printed, by the title of the bug: the lines under it."""
    return {title: text.strip("\n") for title, text in re.findall(r"^\d+\. (.+)\n((?:.+\n)+)", output, re.M)}


def section(number, bug, answer):
    libraries = ", ".join(f"[{name}](plain/{name})" for name in bug.get("libraries", []))
    return SECTION.format(
        number=number, title=bug["title"], program=bug["program"], libraries=libraries and f", linked to {libraries}",
        language="c" if bug["program"].endswith(".c") else "cpp", source=plain_source(bug), said=tools_said(bug),
        answer=answer, note=bug["note"])


def page(result):
    bugs = json.loads(BUGS.read_text(encoding="utf-8"))["bugs"]
    answered = answers(PROGRAM.portable(result.stdout))
    sections = [section(number, bug, answered[bug["title"]]) for number, bug in enumerate(bugs, 1)]
    return HEAD + "".join(sections) + FOOT.format(exit=PROGRAM.portable(result.stderr))


class Seeds(unittest.TestCase):
    maxDiff = None

    def test_the_page_shows_what_is_said(self):
        result = PROGRAM.run()
        self.assertMultiLineEqual(page(result), PAGE.read_text(encoding="utf-8"))
        self.assertEqual(result.returncode, 0)

    def test_every_bug_has_an_answer_and_every_answer_a_bug(self):
        titles = [bug["title"] for bug in json.loads(BUGS.read_text(encoding="utf-8"))["bugs"]]
        self.assertEqual(list(answers(PROGRAM.run().stdout)), titles)

    def test_every_site_is_the_line_that_made_the_call(self):
        result = PROGRAM.run()
        sites = PROGRAM.sites(result.stdout + result.stderr)
        self.assertGreater(len(sites), 12)
        for words, line in sites:
            self.assertRegex(line, CALLS[words], words)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--addr2line", required=True)
    parser.add_argument("--update", action="store_true")
    given, rest = parser.parse_known_args()
    PROGRAM = Program(given.program, given.addr2line)
    if given.update:
        PAGE.write_text(page(PROGRAM.run()), encoding="utf-8")
    else:
        unittest.main(argv=[sys.argv[0], *rest])
