#!/usr/bin/env python3
"""The table of misuse: what gcc and clang, also when asked for more, say of each mistake in C, in C++ through the C header, and in C++ through
the wrapper. Compiles table/NAME.c twice, as C and as C++, and table/NAME.cpp, and compares what is said with table.json.

    compile_table.py --gcc P --gxx P --clang P --clangxx P -I FOLDER... [--row NAME] [--update]
    compile_table.py --check-readme

A cell is `nothing`, the names of all the warnings that are given, or `error`, which has to match the misuse's own "error" in
table.json. With -DFIXED the same source has to compile without a word, so that no cell is what it is for another reason. gcc's
analyzer is not asked about the wrapper: gcc 12's is made for C, and warns of right programs in C++. clang's -Wconsumed is asked
about nothing else, for only classes can have a state.

A cell under `gcc` holds for every version; one under `gcc 13` takes its place from gcc 13 on. The versions that table.json was made
with are to say exactly what it has. Others may say more, and not less: where it has nothing, anything; where it has warnings, these
and further ones, or an error; where it has an error, an error. --update writes what is said now into table.json, and the table into
README.md.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE / "table.json"
README = HERE / "README.md"
TABLE = re.compile(r"(<!-- table -->\n).*?(<!-- end of table -->\n)", re.DOTALL)

NOTHING = "nothing"
ERROR = "error"
ANOTHER = "another error: "
COMMON = ["-O2", "-Wall", "-Wextra", "-Wpedantic", "-c", "-o", os.devnull]

# How a source is compiled: its extension, the kind of compiler, and the language.
LANGUAGES = {
    "C": (".c", "c", ["-x", "c", "-std=c11"]),
    "C++, C header": (".c", "c++", ["-x", "c++", "-std=c++17"]),
    "C++, wrapper": (".cpp", "c++", ["-x", "c++", "-std=c++17"]),
}

# The columns: which compiler, with which flags beside COMMON, which of its warnings are the column's own, and for which languages.
COLUMNS = {
    "gcc": ("gcc", [], r"-W(?!analyzer)[\w-]+", list(LANGUAGES)),
    "gcc -fanalyzer": ("gcc", ["-fanalyzer"], r"-Wanalyzer-[\w-]+", ["C", "C++, C header"]),
    "clang": ("clang", [], r"-W[\w-]+", list(LANGUAGES)),
    "clang -Wconsumed": ("clang", ["-Wconsumed"], r"-Wconsumed", ["C++, wrapper"]),
}


def columns_of(language):
    return [column for column, (_, _, _, languages) in COLUMNS.items() if language in languages]


class Compilers:
    def __init__(self, given):
        self.programs = {
            ("gcc", "c"): given.gcc, ("gcc", "c++"): given.gxx,
            ("clang", "c"): given.clang, ("clang", "c++"): given.clangxx,
        }
        self.includes = [f"-I{folder}" for folder in given.includes]

    def version(self, name):
        said = subprocess.run([self.programs[name, "c"], "-dumpversion"], capture_output=True, text=True, check=True).stdout
        return int(said.split(".")[0])

    def versions(self):
        return {name: self.version(name) for name in ("gcc", "clang")}

    def compile(self, name, language, column, more=()):
        """Compiles one source in one way; returns the exit code and what was said."""
        extension, kind, flags = LANGUAGES[language]
        compiler, column_flags, _, _ = COLUMNS[column]
        source = HERE / "table" / (name + extension)
        command = [self.programs[compiler, kind], *flags, *COMMON, *column_flags, *more, *self.includes, str(source)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=dict(os.environ, LC_ALL="C"), check=False)
        return done.returncode, done.stdout + done.stderr


def warnings_in(output, names):
    return sorted(set(re.findall(rf"warning: .*\[({names})[\]=]", output)))


def cell_of(code, output, names, error):
    """What a compilation came to, as table.json says it; an error with other words than the misuse's is told with them."""
    if code == 0:
        return ", ".join(warnings_in(output, names)) or NOTHING
    if error and re.search(rf"error: .*({error})", output):
        return ERROR
    return f"{ANOTHER}{re.search(r'error: (.*)|$', output)[1]}"


def expected_in(cells, column, version):
    """The cell for a version: that of the highest key which is not above it."""
    compiler, _, flags = column.partition(" ")
    keys = [(0, column)]
    keys += [(number, f"{compiler} {number} {flags}".strip()) for number in range(1, version + 1)]
    return next((cells[key] for _, key in sorted(keys, reverse=True) if key in cells), None)


def at_least(expected, now):
    """Whether a version of which nothing is known says no less than was expected."""
    return now == ERROR or expected == NOTHING or set(expected.split(", ")) <= set(now.split(", "))


def check_cell(compilers, data, versions, row, language, column):
    """Compiles a cell; returns what is said and why that is wrong, if it is."""
    compiler, _, names, _ = COLUMNS[column]
    expected = expected_in(row.get("cells", {}).get(language, {}), column, versions[compiler]) or ""
    code, output = compilers.compile(row["name"], language, column)
    now = cell_of(code, output, names, row.get("error"))
    where = f"{row['name']}, {language}, {column}"
    why = []
    known = versions[compiler] in data["made_with"][compiler]
    if now != expected and (known or not expected or not at_least(expected, now)):
        why.append(f"{where}: table.json has '{expected}', it says '{now}'\n{output}")
    code, output = compilers.compile(row["name"], language, column, ["-DFIXED"])
    if code != 0 or warnings_in(output, names):
        why.append(f"{where}: with -DFIXED it has to compile without a word\n{output}")
    return now, why


def languages_of(row):
    return [language for language, (extension, _, _) in LANGUAGES.items() if (HERE / "table" / (row["name"] + extension)).exists()]


def compile_rows(compilers, data, rows):
    """Every cell of the rows: {(name, language, column): what is said}, and what is wrong."""
    versions = compilers.versions()
    cells = [(row, language, column) for row in rows for language in languages_of(row) for column in columns_of(language)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda cell: check_cell(compilers, data, versions, *cell), cells))
    said = {(row["name"], language, column): now for (row, language, column), (now, _) in zip(cells, results)}
    return said, [text for _, why in results for text in why]


# ---- the table in README.md ----


def shown(cell):
    if cell is None:
        return "(not asked)"
    if cell == NOTHING:
        return NOTHING
    return ERROR if cell == ERROR else ", ".join(f"`{name}`" for name in cell.split(", "))


def table(data):
    """One line for each misuse and language, as the first versions in table.json have it."""
    lines = [["misuse", "language", *COLUMNS], ["---"] * (2 + len(COLUMNS))]
    for row in data["rows"]:
        for language, cells in row["cells"].items():
            source = f"table/{row['name']}{LANGUAGES[language][0]}"
            first = {column: data["made_with"][COLUMNS[column][0]][0] for column in COLUMNS}
            answers = [shown(expected_in(cells, column, first[column])) for column in COLUMNS]
            lines.append([row["misuse"], f"[{language}]({source})", *answers])
    made_with = ", ".join(f"{name} {versions[0]}" for name, versions in data["made_with"].items())
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + f"\nMade with {made_with}.\n"


def check_readme(data):
    found = TABLE.search(README.read_text(encoding="utf-8"))
    if found and found[0] == found[1] + table(data) + found[2]:
        return []
    return ["README.md does not show the table of table.json: compile_table.py --update writes it"]


def update(data, said, versions):
    if any(versions[name] != data["made_with"][name][0] for name in versions):
        sys.exit(f"table.json shows what {data['made_with']} say; cells of {versions} are added to it by hand, under a key such as 'gcc 13'")
    others = [f"{' '.join(where)}: {now}" for where, now in said.items() if now.startswith(ANOTHER)]
    if others:
        sys.exit("\n".join(others))
    for row in data["rows"]:
        row["cells"] = {lang: {col: said[row["name"], lang, col] for col in columns_of(lang)} for lang in languages_of(row)}
    DATA.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda found: found[1] + table(data) + found[2], text), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for program in ("gcc", "gxx", "clang", "clangxx"):
        parser.add_argument(f"--{program}", default=program.replace("xx", "++"))
    parser.add_argument("-I", dest="includes", action="append", default=[])
    parser.add_argument("--row", help="only this misuse")
    parser.add_argument("--check-readme", action="store_true", help="compile nothing, and look whether README.md is current")
    parser.add_argument("--update", action="store_true")
    given = parser.parse_args()
    data = json.loads(DATA.read_text(encoding="utf-8"))
    if given.check_readme:
        failures = check_readme(data)
    else:
        compilers = Compilers(given)
        rows = [row for row in data["rows"] if given.row in (None, row["name"])]
        said, failures = compile_rows(compilers, data, rows)
        if given.update:
            update(data, said, compilers.versions())
            return 0
        failures += [] if rows else [f"table.json has no row {given.row}"]
    print("\n".join(failures) or "as table.json has it")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
