"""Names that 'check' accepts can be compiled: each word of a long list in each role that a name can have.

    names_test.py --tallystick COMMAND --c-compiler COMMAND... --cxx-compiler COMMAND...

Words that 'check' refuses are dropped, and have to be refused by name; all others are generated and compiled together.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPTIONS = None

TYPES = [f"{sign}int{kind}{width}_t" for sign in ("", "u") for kind in ("", "_fast", "_least") for width in (8, 16, 32, 64)]
WORDS = TYPES + """
    size_t ssize_t ptrdiff_t max_align_t nullptr_t intptr_t uintptr_t intmax_t uintmax_t time_t off_t
    word owner counted_owner token_holder reference array_reference interface class_ iterator deleter element hook target
    api handle token module library blob bytes_view view result expected error errors callback callbacks callback_error
    interface_error given giving smart_pointer unique_token empty refusal trampoline traits raw kept site ledger table slot
    adopt detach create ref at begin end size retain release destroy host glue detail author rt tp impl functions tables
    description numbers exported definitions linked load tally_ ally tally_error tally_status tally_bool tally_blob
    x_y y y_z k h value name path text data count list map set object type_ kind state print open read write
    close_it format input filter hash tuple range property super exit all any min max sum next iter repr abs eval
    hash_value equal swap move forward function string_view optional variant span pair exchange unique_ptr shared_ptr
    out_value self_value this_value user methods status from_ to base derived private_ public_ user_data
    message warning exception value_error type_error key_error int_enum enum_ ellipsis not_implemented callable
    protocol sequence final_ self_type overload typing buffer memoryview bytearray frozenset complex_ float_ int_ str_
    free malloc abort index_ time clock signal_ select environ gamma y0 j0 link remove rename system
    blob_table view_table k_table x methods_table
    header implementation argument arguments parameters traits_class progress_to_give call_done done done_to_give""".split()

# The parts that the words stand in; an interface of one word is a case of its own.
K = {"create": {}, "methods": {}}


def description(**sections):
    return {"interface": "x", "version": "1.0", "enums": {"mode": {"values": {"one": ""}}}, "callbacks": {},
            "errors": {"jammed": ""}, "functions": {}, "classes": {}, **sections}


def of_classes(words, more):
    return description(classes={
        word: {**more, "create": {"in": {"v": "i32 = 1"}},
               "methods": {"lent": {"in": {"q": f"borrow {word}"}, "out": "i32"},
                           "given": {"in": {"q": f"own {word}"}, "out": f"own {word}"}}} for word in words})


def of_host_classes(words):
    classes = {word: {"implemented_by": "host", "methods": {"text": {"in": {"q": "string"}, "out": "own string"},
                                                            "given": {"in": {"q": f"own {word}"}}}}
               for word in words}
    return description(classes={**classes, "plain": {"create": {}, "methods": {
        f"m_{word}": {"in": {"q": f"own {word}", "r": f"borrow {word}"}} for word in words}}})


def of_enums(words):
    return description(enums={word: {"values": {"one": "", "two": ""}} for word in words}, classes={
        "k": {"create": {}, "methods": {f"m_{word}": {"in": {"q": word, "r": f"{word} = two"}, "out": word}
                                        for word in words}}})


def of_values(words):
    return description(enums={"mode": {"values": {word: "" for word in words}}},
                       classes={"k": {"create": {"in": {"q": f"mode = {words[0]}"}}}})


def of_callbacks(words):
    return description(callbacks={word: {"in": {"q": "string"}, "out": "bool"} for word in words}, classes={
        "k": {"create": {}, "methods": {f"m_{word}": {"in": {"q": f"callback {word}"}} for word in words}}})


def of_errors(words):
    return description(errors={word: "" for word in words}, classes={"k": {"create": {}, "methods": {"m": {}}}})


def of_functions(words):
    return description(functions={word: {"in": {"q": "i32", "r": "string"}, "out": "u64"} for word in words},
                       classes={"k": K, "y": K})


def of_methods(words):
    methods = {word: {"in": {"q": "string", "e": "mode"}, "out": "own string"} for word in words}
    return description(classes={"k": {"create": {"in": {"q": "bytes"}}, "methods": {
        **methods, "b": {"in": {"q": "i8", "r": "own k", "s": "string", "t": "own bytes"}, "out": "view bytes"}}}, "y": K})


def of_host_methods(words):
    methods = {word: {"in": {"q": "string", "e": "mode"}, "out": "own string"} for word in words}
    return description(classes={"h": {"implemented_by": "host", "methods": methods}, "y": K,
                                "k": {"create": {"in": {"q": "own h"}}}})


def of_creators(words):
    return description(classes={"k": {"creators": {word: {"in": {"q": "string", "r": "own k"}} for word in words},
                                      "create": {}, "methods": {"m": {"out": "own k"}}}, "y": K})


def of_parameters(words):
    kinds = ["string", "i32", "borrow k", "own string", "own k", "bytes", "mode", "callback done", "bool", "borrow h",
             "own h"]
    given = {f"m{i}_{j}": {"in": {word: kinds[(i + j) % len(kinds)], "zz": "i32"}, "out": ["own string", "i32", "own k"][j]}
             for i, word in enumerate(words) for j in range(3)}
    called = {f"c{i}": {"in": {word: ["string", "borrow k", "u16"][i % 3]}, "out": "bool"}
              for i, word in enumerate(words)}
    return description(callbacks={"done": {}, **called}, classes={
        "k": {"create": {}, "creators": {f"n{i}": {"in": {word: kinds[i % len(kinds)]}} for i, word in enumerate(words)},
              "methods": given},
        "y": K, "h": {"implemented_by": "host", "methods": called}})


ROLES = {
    "class": lambda words: of_classes(words, {}), "counted class": lambda words: of_classes(words, {"counted": True}),
    "class with arrays": lambda words: of_classes(words, {"arrays": True}), "class of the host": of_host_classes,
    "enum": of_enums, "value": of_values, "callback": of_callbacks, "error": of_errors, "function": of_functions,
    "method": of_methods, "method of the host": of_host_methods, "creator": of_creators, "parameter": of_parameters}

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
INCLUDES = [f"-I{ROOT / path}" for path in ("abi/include", "bindings/cpp/include", "sdk/runtime/include")]


class Names(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tallystick-names-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, content):
        file = self.folder / "x.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return file, subprocess.run([OPTIONS.tallystick, "check", file], capture_output=True, text=True, check=False)

    def accepted(self, role, make):
        """Without the words that 'check' names at the beginning of a complaint, in its path."""
        words = [word for word in WORDS]
        for _ in range(len(WORDS)):
            file, result = self.check(make(words))
            if result.returncode == 0:
                return file, words
            paths = re.findall(r"^[^:]*:\d+:\d+: ([^:]*):|, as would (\S+) on", result.stderr, re.MULTILINE)
            parts = {path.split(".")[-1] for both in paths for path in both}
            left = [word for word in words if word not in parts]
            self.assertLess(len(left), len(words), f"{role}: no word is named by\n{result.stderr}")
            words = left
        self.fail(role)

    def compile(self, compiler, standard, source):
        result = subprocess.run([compiler, f"-std={standard}", *WARNINGS, *INCLUDES, f"-I{source.parent}", source],
                                capture_output=True, text=True, check=False)
        lines = [line for line in result.stderr.splitlines() if "error" in line]
        self.assertEqual(result.returncode, 0, "\n".join(lines[:20]))

    def assert_compiles(self, description_file, folder):
        subprocess.run([OPTIONS.tallystick, "gen", description_file, "--out", folder], check=True)
        names = sorted(path.name for path in folder.iterdir())
        c = folder / "test.c"
        c.write_text("".join(f'#include "{name}"\n' for name in names if name.endswith(".h")), encoding="utf-8")
        cpp = folder / "test.cpp"
        cpp.write_text("".join(f'#include "{name}"\n' for name in names
                               if name.endswith((".hpp")) and not re.search("_(python|glue)", name)), encoding="utf-8")
        for compiler in OPTIONS.c_compiler:
            self.compile(compiler, "c99", c)
        for compiler in OPTIONS.cxx_compiler:
            self.compile(compiler, "c++20", cpp)

    def test_each_word_in_each_role(self):
        for role, make in ROLES.items():
            with self.subTest(role):
                file, words = self.accepted(role, make)
                self.assertGreater(len(words), len(WORDS) // 2, "most words are good names")
                self.assert_compiles(file, self.folder / role.replace(" ", "_"))

    def test_interfaces(self):
        good = []
        folder = self.folder / "interfaces"
        for word in WORDS:
            file, result = self.check({**of_classes(["k"], {}), "interface": word, "errors": {"jammed": ""},
                                       "callbacks": {"done": {}}, "functions": {"f": {"in": {"c": "callback done"}}}})
            if result.returncode == 0:
                good.append(word)
                subprocess.run([OPTIONS.tallystick, "gen", file, "--lang", "c,cpp", "--out", folder], check=True)
            else:
                self.assertRegex(result.stderr, f"'{word}' (is a|begins with)|would be called|snake_case")
        self.assertGreater(len(good), len(WORDS) // 2)
        # One by one costs a second each, so they are compiled together; they have nothing in common.
        source = folder / "test.cpp"
        source.write_text("".join(f'#include "{word}.hpp"\n' for word in good), encoding="utf-8")
        for compiler in OPTIONS.cxx_compiler:
            self.compile(compiler, "c++20", source)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tallystick", required=True)
    parser.add_argument("--c-compiler", action="append", default=[])
    parser.add_argument("--cxx-compiler", action="append", default=[])
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
