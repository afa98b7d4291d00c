"""The mutants as data: reads list/*.json, checks that each still applies, and writes the README's table.

A mutant is one replacement in one file. It has to apply exactly once: a text that is gone, or is there twice, means that
the code has moved on and the mutant no longer says what it breaks.
"""
import json
from dataclasses import dataclass
from pathlib import Path

# In the order in which they are tried. The generator comes last: whatever is generated is built anew after each of its mutants.
COMPONENTS = ("core", "runtime", "host", "cpp", "python", "testing", "report", "generator")
TABLE_HEAD = "| mutant | what it breaks | killed by |\n"
KEYS = ("id", "breaks", "file", "replace", "with", "targets", "killed_by")


class Mistake(Exception):
    """The list, or what it is applied to, is not as it has to be. Its text says which mutant and what to do."""


@dataclass(frozen=True)
class Mutant:
    """One bug: where, what, and who notices."""
    id: str  # COMPONENT.NAME
    breaks: str  # one sentence: what no longer holds
    file: str  # from the top of the sources
    replace: str
    by: str
    targets: tuple  # what has to be built for the test
    killed_by: str  # a test as ctest names it; TEST::CASE: one case of a file of pytest's, or of a program of gtest's

    @property
    def component(self):
        return self.id.split(".")[0]

    def plant(self, text):
        """The file's text with the bug in it."""
        count = text.count(self.replace)
        if count != 1:
            raise Mistake(f"{self.id}: the text to replace is {count} times in {self.file}, not once: '{self.replace}'; "
                          "the code has moved on, bring the mutant up to date")
        return text.replace(self.replace, self.by)


def mutant_of(entry, component):
    """A mutant from its JSON object."""
    name = entry.get("id", "without an id")
    if sorted(entry) != sorted(KEYS):
        raise Mistake(f"{component}.{name}: has the keys {sorted(entry)}, and needs exactly {sorted(KEYS)}")
    if entry["replace"] == entry["with"]:
        raise Mistake(f"{component}.{name}: changes nothing")
    return Mutant(f"{component}.{name}", entry["breaks"], entry["file"], entry["replace"], entry["with"],
                  tuple(entry["targets"]), entry["killed_by"])


def load(folder):
    """All mutants, in the order in which they are tried."""
    files = {file.stem: file for file in Path(folder).glob("*.json")}
    unknown = sorted(set(files) - set(COMPONENTS))
    if unknown or not files:
        raise Mistake(f"{folder}: " + (f"{unknown[0]}.json is of no component; they are {', '.join(COMPONENTS)}"
                                       if unknown else "holds no list of mutants"))
    mutants = []
    for component in filter(files.get, COMPONENTS):
        entries = json.loads(files[component].read_text(encoding="utf-8"))
        mutants += [mutant_of(entry, component) for entry in entries]
    names = [mutant.id for mutant in mutants]
    for name in names:
        if names.count(name) > 1:
            raise Mistake(f"{name}: two mutants have this id")
    return mutants


def check(mutants, source):
    """Raises Mistake, naming every mutant that does not apply to the sources."""
    mistakes = []
    for mutant in mutants:
        try:
            mutant.plant((Path(source) / mutant.file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            mistakes.append(f"{mutant.id}: there is no {mutant.file}; bring the mutant up to date")
        except Mistake as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        raise Mistake("\n".join(mistakes))


def chosen(mutants, names):
    """Those with these ids, in the list's order."""
    unknown = sorted(set(names) - {mutant.id for mutant in mutants})
    if unknown:
        raise Mistake(f"{unknown[0]}: there is no such mutant; --list shows them")
    return [mutant for mutant in mutants if mutant.id in names]


def sample(mutants, count):
    """So many of them, spread over the components: always the same."""
    by_component = [[m for m in mutants if m.component == component] for component in COMPONENTS]
    turns = max(map(len, by_component), default=0)
    in_turn = [group[turn].id for turn in range(turns) for group in by_component if turn < len(group)]
    return chosen(mutants, in_turn[:count])


def table(mutants):
    """The README's table."""
    rows = [(f"`{m.id}`", m.breaks.replace("|", "\\|"), f"`{m.killed_by}`") for m in mutants]
    return TABLE_HEAD + "| --- | --- | --- |\n" + "".join("| " + " | ".join(row) + " |\n" for row in rows)
