"""What the tests of this example share: sites, which vary with the compiler, in a form that does not, and as lines of source."""

import pathlib
import re
import subprocess

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent

# What is called at a site, by the words in front of it.
CALLS = {
    "created at": r"_(create|address|retain|open_counter|draw_ticket|lead_to)\(",
    "given back at": r"_(destroy|blob_free|release)\(",
    "given away at": r"_(stick|lead_to)\(",
}


class Program:
    """A program of this example, as built."""

    def __init__(self, path, addr2line):
        self.path = path
        self.addr2line = addr2line
        self.name = pathlib.Path(path).name
        self.source = EXAMPLE / f"{self.name}.c"
        self.site = re.compile(rf"\b{self.name}\+(0x[0-9a-f]+)")

    def run(self):
        return subprocess.run([self.path], capture_output=True, text=True, check=False)

    def portable(self, text):
        """Sites and addresses stand for any. A module that was not found by name is named by its whole path. What reports say
        of a site beside that depends on what the compiler inlines, and on whether libdw is there."""
        text = re.sub(r"\S*/(?=post_north\.so)", "", self.site.sub(f"{self.name}+0x…", text))
        text = re.sub(r"(?<=\+0x…) \((?:[^()\n]|\([^()\n]*\))*\)", "", text)
        return re.sub(r"(?<=returned )0x(?!7ffe0badcafe)[0-9a-f]+", "0x…", text)

    def line_at(self, offset):
        command = [self.addr2line, "-e", self.path, offset]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
        file, number = found.stdout.split()[0].rsplit(":", 1)
        if pathlib.Path(file).name != self.source.name:
            raise AssertionError(f"{self.name}+{offset} is in {file}, not in {self.source.name}")
        return self.source.read_text(encoding="utf-8").splitlines()[int(number) - 1]

    def sites(self, text):
        """The lines of source that the sites in a text are, each with the words in front of it."""
        found = re.findall(rf"(created at|given back at|given away at) {self.site.pattern}", text)
        return [(words, self.line_at(offset)) for words, offset in found]
