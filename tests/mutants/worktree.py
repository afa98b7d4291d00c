"""A disposable copy of the sources, with its own build folder: mutants are planted here and nowhere else.

sync() makes the copy equal to the sources again, whatever an interrupted run has left in it, and touches only what
differs, so that the next build is short.
"""
import fcntl
import shutil
import subprocess
from pathlib import Path

from catalogue import Mistake

BUILD_SECONDS = 1800  # a generator with a bug may never end


def source_files(source):
    """The files of a checkout, without what git ignores; of a folder that is no checkout, all but its build folder."""
    listed = subprocess.run(["git", "-C", source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    if listed.returncode != 0 or not names:
        paths = (path.relative_to(source) for path in Path(source).rglob("*"))
        names = [str(path) for path in paths if path.parts[0] not in ("build", ".git")]
    return [name for name in dict.fromkeys(names) if (Path(source) / name).is_file()]


class WorkTree:
    """The copy in work/tree and its build in work/build. One process at a time has it."""

    def __init__(self, source, work, options=()):
        self.source = Path(source).resolve()
        self.tree = Path(work).resolve() / "tree"
        self.build_folder = Path(work).resolve() / "build"
        self.options = list(options)
        self.tree.mkdir(parents=True, exist_ok=True)
        self._lock = open(self.tree.parent / "lock", "w", encoding="utf-8")  # until the process ends
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def sync(self):
        """Makes the copy what the sources are."""
        names = set(source_files(self.source))
        for path in self.tree.rglob("*"):
            if path.is_file() and str(path.relative_to(self.tree)) not in names:
                path.unlink()
        for name in names:
            copy, original = self.tree / name, self.source / name
            if copy.is_file() and copy.read_bytes() == original.read_bytes():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, copy)  # with a new time, so that it is built
            shutil.copymode(original, copy)

    def configure(self):
        """Unoptimised and without debug information, which compiles fastest. Raises Mistake."""
        flags = "-O0 -g0"
        self._run(["cmake", "-S", self.tree, "-B", self.build_folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=",
                   f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}", "-DTALLYSTICK_STRICT=OFF",
                   # Tests are found when ctest is asked: a test program with a bug in it must still build.
                   "-DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST", *self.options], "does not configure")

    def build(self, targets):
        """Builds the targets. Raises Mistake with the compiler's words."""
        if targets:
            self._run(["cmake", "--build", self.build_folder, "--target", *targets], "does not build")

    def plant(self, mutant):
        """Writes the mutant's file with the bug in it."""
        file = self.tree / mutant.file
        original = (self.source / mutant.file).read_text(encoding="utf-8")
        if file.read_text(encoding="utf-8") != original:
            raise Mistake(f"{mutant.id}: {mutant.file} has changed since the copy was made; run again")
        file.write_text(mutant.plant(original), encoding="utf-8")
        return original

    def restore(self, mutant, original):
        """The file as it was."""
        (self.tree / mutant.file).write_text(original, encoding="utf-8")

    @staticmethod
    def _run(command, what):
        try:
            result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    errors="replace", timeout=BUILD_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Mistake(f"{what}: not done after {BUILD_SECONDS} s") from None
        if result.returncode != 0:
            lines = result.stdout.splitlines()
            first = next((i for i, line in enumerate(lines) if "error" in line.lower() or "FAILED" in line), 0)
            raise Mistake(f"{what}:\n    " + "\n    ".join(lines[first:first + 15]))
