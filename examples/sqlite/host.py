"""Puts every file below a folder into a database, path, size and first bytes, and asks it questions in which SQL calls
functions of this program; reads all of it back through views; backs it up; and then lets objects go in every order
that goes wrong elsewhere. Ends with the ledger. host.c and host.cpp are the same program.

    python3 host.py [MODULE] [FOLDER]

The extension module `sqlite`, which was generated from sqlite.json, and the package `tallystick` must be on PYTHONPATH;
the environment's SQLITE_MODULE and SQLITE_FOLDER are what is used if nothing is given. Exit code 0: all went as it
should, and everything was given back; 1: something failed, and is named; 2: the command line is wrong.
"""

from __future__ import annotations

import os
import sys
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import sqlite
import tallystick

HEAD_SIZE = 64
PAGES_BETWEEN_REPORTS = 64

P = ParamSpec("P")
R = TypeVar("R")


class Failed(Exception):
    """Something is not as it should be."""


# ---- the files ----


def collect_files(folder: str) -> list[str]:
    """All regular files below the folder, sorted by their bytes."""

    def fail(error: OSError) -> None:
        raise error

    paths = []
    for parent, _, names in os.walk(folder, onerror=fail):
        paths += [path for name in names if (path := Path(parent, name)).is_file() and not path.is_symlink()]
    if not paths:
        raise Failed(f"no files in {folder}")
    return sorted(map(str, paths), key=os.fsencode)


def read_head(path: str) -> bytes:
    """The file's first bytes."""
    with open(path, "rb") as file:
        return file.read(HEAD_SIZE)


def is_open(path: str) -> bool:
    """Whether this process has the file open."""
    wanted = os.stat(path)
    for descriptor in range(1024):
        try:
            found = os.fstat(descriptor)
        except OSError:
            continue
        if os.path.samestat(wanted, found):
            return True
    return False


# ---- into the database ----


def load_file(module: sqlite.Module, insert: sqlite.Statement, path: str) -> None:
    """One file: its first bytes are read into memory of the module's, which is then given, not copied."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        with sqlite.allocate(module, min(size, HEAD_SIZE)) as head:
            if file.readinto(head) != len(head):
                raise Failed("the file became shorter while it was read")
            insert.bind_text(1, path)
            insert.bind_integer(2, size)
            insert.bind_blob(3, head)
    insert.step()


def load(module: sqlite.Module, database: sqlite.Database, paths: list[str]) -> None:
    """All files, in one transaction."""
    database.execute("CREATE TABLE files(path TEXT PRIMARY KEY, size INTEGER NOT NULL, head BLOB NOT NULL); BEGIN")
    with database.prepare("INSERT INTO files VALUES(?1, ?2, ?3)") as insert:
        for path in paths:
            try:
                load_file(module, insert, path)
            except (Failed, tallystick.Error) as error:
                raise Failed(f"{path}: {error}") from error
    database.execute("COMMIT")


# ---- functions for SQL ----


def depth(path: str) -> int:
    """How many slashes a path has."""
    return path.count("/")


def digits(number: float) -> float:
    """How many digits a number has."""
    count = 1.0
    while number >= 10:
        number /= 10
        count += 1
    return count


class Unwilling(Exception):
    """An exception of the host's own, which comes out of the call unchanged."""


def refuse(_path: str) -> int:
    """Fails whatever it is asked."""
    raise Unwilling("the host would rather not")


class Released:
    """Counts the functions that the module has let go of."""

    def __init__(self) -> None:
        self.count = 0

    def counting(self, function: Callable[P, R]) -> Callable[P, R]:
        """The same function as an object of its own, which is counted when it goes."""

        def counted(*args: P.args, **kwargs: P.kwargs) -> R:
            return function(*args, **kwargs)

        weakref.finalize(counted, self.add)
        return counted

    def add(self) -> None:
        """One more."""
        self.count += 1


def add_functions(database: sqlite.Database, released: Released) -> None:
    """What SQL may call."""
    database.add_text_function("depth", released.counting(depth))
    database.add_text_function("refuse", released.counting(refuse))
    database.add_number_function("digits", released.counting(digits))


# ---- questions ----


def print_sizes(database: sqlite.Database) -> None:
    """Files by the number of digits that their size has."""
    print(f"{'digits':>6} {'files':>10} {'bytes':>14} {'deepest':>8}")
    sql = "SELECT digits(size), count(*), sum(size), max(depth(path)) FROM files GROUP BY 1 ORDER BY 1"
    with database.prepare(sql) as statement:
        while statement.step():
            cells = [statement.integer(column) for column in range(4)]
            print("{:6d} {:10d} {:14d} {:8d}".format(*cells))


def read_back(database: sqlite.Database, paths: list[str]) -> None:
    """Every row is read where SQLite has it, and compared with the file."""
    total = 0
    with database.prepare("SELECT path, head FROM files ORDER BY path") as statement:
        for path in paths:
            if not statement.step():
                raise Failed(f"reading back: there is no row for {path}")
            with statement.text(0) as stored_path, statement.blob(1) as stored:
                with memoryview(stored) as memory:
                    if str(stored_path) != path or memory != read_head(path):
                        raise Failed(f"{path}: what is stored differs from the file")
                total += len(stored_path) + len(stored)
    print(f"\nread back through views: {len(paths)} files, {total} bytes, all as stored")


# ---- backup ----


def back_up(module: sqlite.Module, database: sqlite.Database, copy: str) -> None:
    """Into a file, which is then opened and asked."""
    released = Released()
    report = released.counting(lambda done, total: done <= total)
    with database.back_up(copy) as backup:
        complete = backup.run(PAGES_BETWEEN_REPORTS, report)
    del report
    with sqlite.Database(module, copy) as copied, copied.prepare("SELECT count(*) FROM files") as statement:
        statement.step()
        count = statement.integer(0)
    print(
        f"backed up: {'complete' if complete else 'incomplete'}, {count} files;"
        f" its report was released {released.count} time"
    )


# ---- what goes wrong elsewhere ----


def answer_of(call: Callable[..., object], *arguments: object) -> str:
    """What a call comes to, in a word."""
    try:
        call(*arguments)
    except sqlite.BadSql:
        return "bad_sql"
    except sqlite.Constraint:
        return "constraint"
    except tallystick.Error as error:
        return error.status_name.replace("_", " ")
    except Unwilling:
        return "the host's error"
    return "ok"


def answer_to_close(thing: sqlite.Database | sqlite.Statement) -> str:
    """What closing it comes to: `close` always succeeds, and the ledger says whether the object waits for others."""
    name = f"sqlite.{type(thing).__name__.lower()}"
    thing.close()
    return "deferred" if any(row.deferred for row in tallystick.ledger() if row.class_name == name) else "ok"


class Teller:
    """Prints what was answered, and whether the file is open then."""

    def __init__(self, path: str) -> None:
        self.path = path
        print(f"\n{'what is done':<58} {'what is answered':<18} the file is then")

    def __call__(self, what: str, answer: str) -> None:
        print(f"{what:<58} {answer:<18} {'open' if is_open(self.path) else 'closed'}")


def tell_errors(tell: Teller, database: sqlite.Database) -> None:
    """Failures of SQLite's, and of a function that it calls."""
    tell("SQL that is none is prepared", answer_of(database.prepare, "SELEKT 1"))
    tell("a path is stored that is there", answer_of(database.execute, "INSERT INTO files SELECT * FROM files"))
    with database.prepare("SELECT refuse(path) FROM files") as statement:
        tell("a function of the host's fails, called by a step", answer_of(statement.step))


def tell_endings(tell: Teller, database: sqlite.Database, copy: str, last: str, released: Released) -> None:
    """The database goes first, then the statement, then the view of its text; each waits for the next."""
    statement = database.prepare("SELECT min(path) FROM files UNION ALL SELECT max(path) FROM files")
    backup = database.back_up(copy)
    backup.step(1)
    statement.step()
    with statement.text(0):
        tell("a statement steps while its text is viewed", answer_of(statement.step))
    tell("the database is destroyed, if that can be at once", answer_of(database.try_close))
    tell("the database is destroyed", answer_to_close(database))
    tell("  its statement steps", answer_of(statement.step))
    tell("  its backup, half done, goes on", answer_of(backup.step, 1))
    tell("  its backup is destroyed", answer_of(backup.close))
    text = statement.text(0)
    tell("the statement is destroyed while its text is viewed", answer_to_close(statement))
    tell("  the text", "still there" if str(text) == last else "GONE")
    print(f"  functions released: {released.count}")
    tell("the view is closed", answer_of(text.close))
    print(f"  functions released: {released.count}")


# ---- the ledger ----


def print_ledger() -> bool:
    """Whether everything was given back."""
    print(flush=True)
    tallystick.write_ledger(sys.stdout.fileno())
    rows = tallystick.ledger()
    left = sum(row.live + row.deferred for row in rows)
    print(
        f"\n{'all balanced' if left == 0 else 'NOT BALANCED'}: {sum(row.issued for row in rows)} issued,"
        f" {sum(row.retired for row in rows)} retired, {left} live"
    )
    return left == 0


# ---- the program ----


def run(module: sqlite.Module, folder: str, temporary: str) -> bool:
    """Whether everything was given back."""
    paths = collect_files(folder)
    path, copy = f"{temporary}/files.db", f"{temporary}/copy.db"
    released = Released()
    with sqlite.Database(module, path) as database:
        print(f"{folder}: {len(paths)} files\n")
        load(module, database, paths)
        add_functions(database, released)
        print_sizes(database)
        read_back(database, paths)
        back_up(module, database, copy)
        tell = Teller(path)
        tell_errors(tell, database)
        tell_endings(tell, database, copy, paths[-1], released)
    return print_ledger()


def main(arguments: list[str]) -> int:
    """The exit code."""
    module_path, folder = os.environ.get("SQLITE_MODULE", ""), os.environ.get("SQLITE_FOLDER", "/usr/include")
    wants_help = arguments == ["--help"]
    if wants_help or len(arguments) > 2 or (arguments and arguments[0].startswith("-")):
        print(
            "usage: host.py [MODULE] [FOLDER]\n"
            "Puts the files of FOLDER into a database with MODULE, asks it questions, and shows the ledger.\n"
            f"MODULE is {module_path or 'needed'} and FOLDER is {folder} if not given.",
            file=sys.stdout if wants_help else sys.stderr,
        )
        return 0 if wants_help else 2
    module_path, folder = arguments + [module_path, folder][len(arguments) :]
    try:
        with (
            sqlite.Module.load(module_path) as module,
            tempfile.TemporaryDirectory(prefix="sqlite_host.") as temporary,
        ):
            return 0 if run(module, folder, temporary) else 1
    except (OSError, Failed, tallystick.Error) as error:
        print(f"sqlite_host_py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
