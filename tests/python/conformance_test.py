"""The conformance table of tests/conformance through Python: the same cases as in C and C++, one test for each.

What a case means is said in its steps; this plays them with the generated module, and checks beside them what holds for
every step: a success leaves the last error alone, a failure writes it and changes no object, `own` arguments are
closed exactly when they were taken, and in the end every class is balanced. A case that Python can't say is in
IMPOSSIBLE, and stops at a step whose reason names the test that shows it.
"""

from __future__ import annotations

import gc
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import conformance
import pytest
import tallystick
from conftest import FILES, reported

TABLE = Path(__file__).parent.parent / "conformance"

# Why a step can't be said in Python, and the test that shows it.
NO_WORDS = ("there are no words to copy, cast, make up or change", "arguments_test.test_there_are_no_words")
OWN_MODULE = ("calls go to their own module", "arguments_test.test_methods_are_bound_to_their_own_module")
NO_NULL = ("None is of no parameter's type", "arguments_test.test_null_can_not_be_said")
NO_SIZE = ("memory has its own size", "arguments_test.test_memory_has_its_own_size")
TEXT_IS_STR = ("own text is a str, and leaves no blob", "buffers_test.test_own_text_is_a_str_and_leaves_no_blob")
INDEX = ("an index beyond the end is an IndexError", "arrays_test.test_an_index_beyond_the_end_is_an_index_error")
CALLABLE = ("a callback is a callable", "callbacks_test.test_what_is_not_callable_is_refused")
METHODS = ("an implementation has all methods", "host_classes_test.test_an_implementation_must_have_the_methods")
NO_OUT = ("results are returned, and have no pointer", "arguments_test.test_results_have_no_pointer")
BOOLS = ("a bool is True or False", "arguments_test.test_a_bool_is_an_int_in_python_but_an_int_no_bool")

# What can be said, and is answered otherwise: the case, what the table expects, and what Python answers. A closed
# object is told from none (ClosedError says what became of it), and closing is idempotent and never a misuse.
ANSWERED_OTHERWISE = {
    "a_callback_destroys_what_it_was_lent": ("not_owner", "ok"),
    "a_handle_does_not_destroy": ("not_owner", "ok"),
    "a_handle_does_not_destroy_on_another_thread": ("not_owner", "ok"),
    "a_handle_of_what_has_gone": ("not_owner", "ok"),
    "a_stale_handle_does_not_destroy": ("not_owner", "ok"),
    "an_element_destroyed": ("not_owner", "ok"),
    "an_empty_variable_given": ("null_argument", "stale_handle"),
    "an_empty_variable_lent": ("null_argument", "stale_handle"),
    "call_with_an_empty_variable": ("null_argument", "stale_handle"),
    "consumed_twice": ("null_argument", "stale_handle"),
    "destroy_the_same_variable_twice": ("already_destroyed", "ok"),
    "release_with_a_handle": ("not_owner", "ok"),
    "the_second_argument_is_empty": ("null_argument", "stale_handle"),
    "the_second_argument_is_spent": ("already_destroyed", "stale_handle"),
    "try_destroy_with_a_handle": ("not_owner", "ok"),
}

# The cases that stop at such a step. A case that can be said does not belong here, and its test says so.
IMPOSSIBLE = {
    "a_basket_without_a_place",
    "a_blob_called_as_an_object",
    "a_blob_closed_as_a_view",
    "a_blob_destroyed_as_an_object",
    "a_blob_freed_by_another_thread",
    "a_blob_freed_twice",
    "a_blob_freed_twice_on_two_threads",
    "a_blob_given_as_an_object",
    "a_blob_is_freed",
    "a_blob_is_live",
    "a_blob_of_a_module_that_has_gone",
    "a_blob_of_a_reused_slot",
    "a_blob_outlives_its_object",
    "a_blob_outlives_its_thread",
    "a_blob_to_come",
    "a_blob_with_an_address_as_owner",
    "a_blob_without_a_place",
    "a_boolean_of_another_byte",
    "a_callback_without_a_function",
    "a_child_that_was_destroyed_first",
    "a_consuming_method_without_a_place",
    "a_copy_of_a_blob_freed",
    "a_destructor_that_throws_is_not_run_again",
    "a_generation_to_come",
    "a_handle_freed_as_a_blob",
    "a_handle_of_a_module_that_came_back",
    "a_handle_of_a_module_that_has_gone",
    "a_kept_argument_has_no_past",
    "a_kept_argument_is_destroyed",
    "a_made_up_blob",
    "a_made_up_view",
    "a_made_up_word",
    "a_made_up_word_given",
    "a_made_up_word_lent",
    "a_method_that_the_host_lacks",
    "a_null_array_destroyed",
    "a_null_pointer_to_an_owner",
    "a_null_view_closed",
    "a_reference_that_was_given_is_not_released",
    "a_scalar_without_a_place",
    "a_size_that_no_memory_has",
    "a_slot_that_is_free",
    "a_slot_that_is_not_there",
    "a_small_number",
    "a_spent_token_freed_as_a_blob",
    "a_spent_token_is_nothings",
    "a_token_of_a_module_that_came_back",
    "a_token_that_was_consumed",
    "a_token_that_was_given_away",
    "a_token_that_was_given_away_does_not_call",
    "a_token_that_was_given_away_long_ago",
    "a_token_to_come",
    "a_view_destroyed_as_an_object",
    "a_view_freed_as_a_blob",
    "a_view_without_a_place",
    "a_word_before_the_first_object",
    "a_word_that_a_module_will_issue",
    "all_bits_set",
    "an_address",
    "an_array_called_as_an_element",
    "an_array_destroyed_twice",
    "an_array_of_nothing",
    "an_empty_blob_variable_freed",
    "an_object_closed_as_a_view",
    "an_object_freed_as_a_blob",
    "an_object_given_as_memory",
    "an_object_of_the_host_is_destroyed_twice",
    "an_object_of_the_host_that_was_given_is_not_destroyed",
    "an_object_of_the_host_without_methods",
    "an_object_that_the_host_returns_as_memory",
    "an_object_without_a_place",
    "another_class_lent",
    "beyond_the_end",
    "bytes_that_are_null",
    "bytes_that_end_with_a_nul",
    "call_with_null",
    "call_with_null_after_a_destroy",
    "close_twice",
    "consumed_as_another_class",
    "consumed_for_a_text",
    "consumed_twice_by_a_copy",
    "deferred_and_destroyed_again",
    "destroy_a_made_up_word",
    "destroy_a_reference_as_another_class",
    "destroy_as_another_class",
    "destroy_in_another_module",
    "destroy_in_another_module_and_class",
    "destroy_null",
    "destroy_twice",
    "destroyed_twice_by_its_own_call",
    "every_bit_of_a_blob_counts",
    "every_bit_of_a_handle_counts",
    "every_bit_of_a_retained_token_counts",
    "every_bit_of_a_token_counts",
    "every_bit_of_a_view_counts",
    "freed_memory_given",
    "freed_memory_resized",
    "freed_memory_that_the_host_returns",
    "given_memory_resized",
    "given_memory_that_the_host_returns",
    "giving_back_what_has_gone",
    "made_up_memory_given",
    "made_up_memory_that_the_host_returns",
    "many_blobs",
    "memory_is_given",
    "memory_of_another_module_that_the_host_returns",
    "memory_that_the_host_returns",
    "memory_that_the_host_returns_and_frees",
    "no_callback",
    "no_memory_given",
    "no_text",
    "null_before_the_first_object",
    "null_lent",
    "null_memory_resized",
    "null_text_of_unknown_size",
    "nulls_are_not_the_same",
    "one_memory_given_twice",
    "one_reference_given_twice",
    "one_token_given_twice",
    "ref_of_a_made_up_word",
    "ref_of_another_class",
    "ref_of_null",
    "release_a_made_up_reference",
    "release_an_object_of_another_class",
    "release_null",
    "release_twice",
    "retain_of_a_released_token",
    "retain_of_null",
    "spent_token_of_a_reused_slot",
    "spent_token_of_long_ago",
    "text_of_the_hosts_that_is_not_utf8",
    "text_that_is_null",
    "the_array_destroy_of_a_scalar",
    "the_array_destroy_of_an_element",
    "the_last_error_outlives_clean_up",
    "the_scalar_destroy_of_an_array",
    "the_second_argument_is_of_another_class",
    "try_destroy_of_null",
    "try_destroy_twice",
    "two_classes_are_not_the_same",
    "unload_with_a_live_blob",
    "wrong_class",
    "wrong_class_of_a_stale_handle",
    "wrong_module",
    "wrong_module_before_its_first_object",
}


def parse(path: Path) -> Any:
    """JSON with comments."""
    strings_and_comments = r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/'
    return json.loads(re.sub(strings_and_comments, r"\1", path.read_text(encoding="utf-8"), flags=re.DOTALL))


DESCRIPTION = parse(TABLE / "conformance.json")
ARRAYS = [f"{name}_array" for name, said in DESCRIPTION["classes"].items() if "arrays" in said]
CLASSES = [*DESCRIPTION["classes"], *ARRAYS]
CASES = [case for path in sorted((TABLE / "table").glob("*.json")) for case in parse(path)["cases"]]
KINDS = [kind.name.lower() for kind in conformance.Kind]
STATUSES = {each.status_name: each.status for each in vars(tallystick).values() if hasattr(each, "status_name")} | {
    "ok": 0,
    "deferred": 0,  # close() says nothing of it
    "refused": conformance.Refused.status,
    "empty": conformance.Empty.status,
}


class InexpressibleError(Exception):
    """The step can't be said in Python, for one of the reasons above."""


class ToldToFailError(Exception):
    """What a callback raises that is to fail with an exception."""


FAILURES = {"refused": conformance.Refused, "empty": conformance.Empty, "exception": ToldToFailError}


class Script:
    """What a callback, or a method of an object of Python's, does when it is called, and what it was told."""

    def __init__(self, player: Player, said: dict[str, Any]) -> None:
        self.player = player
        self.said = said
        self.heard: list[int] = []
        self.called = 0
        self.given = 0  # to a call, whether it took it or not
        self.released = 0

    def play(self, *arguments: Any) -> None:
        self.called += 1
        for argument in arguments:
            if isinstance(argument, int):
                self.heard.append(argument)
            elif "given" in self.said:
                self.player.receive(self.said["given"], argument)
            elif "lent" in self.said:
                self.player.receive(self.said["lent"], argument)
                self.player.references.add(self.said["lent"])
        self.player.play_steps(self.said.get("steps", []))
        self.player.scripts_played += 1
        self.player.error_of_scripts = str(tallystick.last_error())
        if "fails" in self.said:
            raise FAILURES[self.said["fails"]]("told to fail")


class Callback:
    """Released when nobody holds it any more."""

    def __init__(self, script: Script) -> None:
        self.script = script
        script.given += 1

    def __call__(self, *arguments: Any) -> int:
        self.script.play(*arguments)
        return self.script.said.get("out", 0)  # type: ignore[no-any-return]

    def __del__(self) -> None:
        self.script.released += 1


class Implementation:
    """A valve of Python's own."""

    def __init__(self, of: Script, methods: dict[str, Script]) -> None:
        self.of = of
        of.given += 1
        self.methods = methods

    def play(self, method: str, *arguments: Any) -> Any:
        self.methods[method].play(*arguments)
        return self.methods[method].said.get("out", 0)

    def turn(self, by: int) -> Any:
        return self.play("turn", by)

    def hold(self, what: conformance.Counter) -> Any:
        return self.play("hold", what)

    def swallow(self, what: conformance.Counter) -> Any:
        return self.play("swallow", what)

    def label(self) -> Any:
        return self.play("label") or ""

    def seal(self) -> None:
        self.play("seal")

    def __del__(self) -> None:
        self.of.released += 1


class Outcome(NamedTuple):
    """What one operation came to."""

    status: int
    text: str
    value: Any


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def function_of(class_name: str, name: str) -> dict[str, Any]:
    if class_name.endswith("_array"):
        function = function_of(class_name.removesuffix("_array"), name)
        return function | {"in": {"count": "u64"} | function.get("in", {})}
    described = DESCRIPTION["classes"][class_name]
    if name == "create":
        return described["create"]
    return described.get("methods", {}).get(name) or described["creators"][name]


def type_of(said: Any) -> str:
    """ "own counter = x" -> "own counter"; of a parameter or a result."""
    text: str = said["type"] if isinstance(said, dict) else said
    kind = text.split("=")[0].strip()
    return "view" if kind.startswith("view ") else kind


def end_of(class_name: str) -> str:
    return "release" if DESCRIPTION["classes"].get(class_name, {}).get("counted") else "destroy"


class Player:
    """One case."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.modules: dict[str, conformance.Module] = {}
        self.variables: dict[str, Any] = {}
        self.classes: dict[str, str] = {}
        self.references: set[str] = set()
        self.workers: dict[str, ThreadPoolExecutor] = {}
        self.scripts: dict[str, Script] = {}
        self.scripts_played = 0
        self.unraisable: list[BaseException] = []
        self.error_of_scripts = ""
        self.counts_before: dict[str, dict[str, int]] = {}

    def play(self) -> None:
        for module in ("one", "two"):
            self.start(module)
        self.play_steps(self.case["steps"])
        self.finish()

    def play_steps(self, steps: list[dict[str, Any]]) -> None:
        for said in steps:
            step = self.in_python(said)
            if step["do"] == "repeat":
                for _ in range(step["times"]):
                    self.play_steps(step["steps"])
                continue
            try:
                self.on_thread(step.get("thread", ""), lambda step=step: getattr(self, "do_" + step["do"])(step))
            except AssertionError as error:
                raise AssertionError(f"{step}: {error}") from error

    def in_python(self, said: dict[str, Any]) -> dict[str, Any]:
        step = said | said.get("python", {})
        expected, answered = ANSWERED_OTHERWISE.get(self.case["name"], ("", ""))
        return step | {"expect": answered, "text": []} if step.get("expect") == expected else step

    def holds_text(self) -> bool:
        return any(isinstance(held, str) for held in self.variables.values())

    def on_thread(self, thread: str, task: Callable[[], None]) -> None:
        if not thread:
            return task()
        worker = self.workers.setdefault(thread, ThreadPoolExecutor(max_workers=1))
        return worker.submit(task).result()

    # ---- steps that call ----

    def do_create(self, step: dict[str, Any]) -> None:
        name = step.get("creator", "create")
        kind = getattr(conformance, pascal(step["class"]))
        creator = kind if name == "create" else getattr(kind, name)
        function = function_of(step["class"], name)
        module = self.modules[step.get("module", "one")]
        arguments = self.arguments(function, step)
        closed = self.closed()
        outcome = self.checked(step, f"conformance_{step['class']}_{name}", lambda: creator(module, **arguments))
        self.check_owned(function, step, outcome, closed)
        if outcome.status >= 0:
            self.keep(step, step["class"], outcome.value)

    def do_call(self, step: dict[str, Any]) -> None:
        if "via" in step:
            raise InexpressibleError(*OWN_MODULE)
        if step.get("without_out"):
            raise InexpressibleError(*NO_OUT)
        class_name = self.classes[step["on"]]
        function = function_of(class_name, step["method"])
        method = getattr(self.variables[step["on"]], step["method"])
        arguments = self.arguments(function, step)
        closed = self.closed()
        outcome = self.checked(step, f"conformance_{class_name}_{step['method']}", lambda: method(**arguments))
        self.check_owned(function, step, outcome, closed)
        self.keep_result(step, function, outcome)

    def do_function(self, step: dict[str, Any]) -> None:
        if step.get("without_out"):
            raise InexpressibleError(*NO_OUT)
        name = step["name"]
        module = self.modules[step.get("module", "one")]
        if name == "allocate":
            function = {"in": dict.fromkeys(("size", "alignment", "zeroed"), "u64"), "out": "own bytes"}
            options = dict(step["in"])
            size = options.pop("size")
            outcome = self.checked(step, "conformance_allocate", lambda: conformance.allocate(module, size, **options))
        else:
            function = DESCRIPTION["functions"][name]
            arguments = self.arguments(function, step)
            closed = self.closed()
            outcome = self.checked(
                step, f"conformance_{name}", lambda: getattr(conformance, name)(module, **arguments)
            )
            del arguments
            self.check_owned(function, step, outcome, closed)
        self.keep_result(step, function, outcome)

    def keep_result(self, step: dict[str, Any], function: dict[str, Any], outcome: Outcome) -> None:
        if outcome.status < 0:
            return
        result = type_of(function.get("out", "")).removeprefix("own ")
        if step.get("out") is not None:
            assert self.comparable(result, outcome.value) == self.expected(result, step["out"])
        if result in DESCRIPTION["classes"] or result in ("string", "bytes", "view"):
            self.keep(step, result, outcome.value)

    def do_destroy(self, step: dict[str, Any]) -> None:
        if "class" in step or "via" in step:
            raise InexpressibleError(*OWN_MODULE)
        class_name = self.classes[step["what"]]
        self.checked(step, f"conformance_{class_name}_{end_of(class_name)}", self.variables[step["what"]].close)

    do_release = do_destroy

    def do_try_destroy(self, step: dict[str, Any]) -> None:
        held = self.variables[step["what"]]
        outcome = self.checked(step, f"conformance_{self.classes[step['what']]}_try_destroy", held.try_close)
        assert held.closed == (outcome.status >= 0 or outcome.status == tallystick.ProviderError.status)

    def do_close(self, step: dict[str, Any]) -> None:
        view = self.variables[step["what"]]
        outcome = self.checked(step, "tally_view_close", view.close)
        assert view.closed == (outcome.status >= 0)

    def do_resize(self, step: dict[str, Any]) -> None:
        blob = self.variables[step["what"]]
        self.checked(step, "tally_blob_resize", lambda: blob.resize(step["size"]))

    def do_retain(self, step: dict[str, Any]) -> None:
        class_name = self.classes[step["of"]]
        outcome = self.checked(step, f"conformance_{class_name}_retain", self.variables[step["of"]].retain)
        if outcome.status >= 0:
            self.keep(step, class_name, outcome.value)

    def do_size(self, step: dict[str, Any]) -> None:
        array = self.variables[step["of"]]
        outcome = self.checked(step, f"conformance_{self.classes[step['of']]}_size", lambda: len(array))
        assert outcome.status < 0 or outcome.value == step["out"]

    def do_at(self, step: dict[str, Any]) -> None:
        if step.get("expect") == "invalid_argument":
            raise InexpressibleError(*INDEX)
        array = self.variables[step["of"]]
        name = self.classes[step["of"]]
        outcome = self.checked(step, f"conformance_{name}_at", lambda: array[step["index"]])
        if outcome.status >= 0:
            self.keep(step, name.removesuffix("_array"), outcome.value)
            self.references.add(step["as"])

    # ---- callbacks, and methods of Python's own ----

    def do_callback(self, step: dict[str, Any]) -> None:
        self.scripts[step["as"]] = Script(self, step)

    def do_host(self, step: dict[str, Any]) -> None:
        if step.get("without_methods") or "lacks" in step:
            raise InexpressibleError(*METHODS)
        scripts = step.get("methods", {}).values()
        if any("returns" in script or isinstance(script.get("out"), dict) for script in scripts):
            raise InexpressibleError(*TEXT_IS_STR)
        name = step["as"]
        methods = {
            method: Script(self, step.get("methods", {}).get(method, {}))
            for method in DESCRIPTION["classes"][step["class"]]["methods"]
        }
        self.scripts[name] = Script(self, {})
        self.scripts |= {f"{name}.{method}": script for method, script in methods.items()}
        module = self.modules[step.get("module", "one")]
        outcome = self.checked(
            step,
            f"conformance_{step['class']}_create",
            lambda: getattr(conformance, pascal(step["class"]))(module, Implementation(self.scripts[name], methods)),
        )
        self.keep(step, step["class"], outcome.value)

    def do_told(self, step: dict[str, Any]) -> None:
        script = self.scripts[step["what"]]
        self.forget_frames()
        for figure in ("called", "heard", "released"):
            assert getattr(script, figure) == step.get(figure, getattr(script, figure)), figure

    def forget_frames(self) -> None:
        """Those of exceptions that were reported, in which callbacks are held."""
        for error in self.unraisable:
            error.__traceback__ = None
        gc.collect()

    def receive(self, name: str, argument: Any) -> None:
        """What a script was lent or given."""
        self.classes[name] = "counter"
        self.variables[name] = argument
        self.references.discard(name)

    def do_free(self, step: dict[str, Any]) -> None:
        blob = self.variables[step["what"]]
        if not isinstance(blob, tallystick.Blob):
            raise InexpressibleError(*TEXT_IS_STR)
        outcome = self.checked(step, "tally_blob_free", blob.close)
        assert blob.closed == (outcome.status >= 0 or outcome.status == tallystick.ProviderError.status)

    def do_ref(self, step: dict[str, Any]) -> None:
        class_name = self.classes[step["of"]]
        outcome = self.checked(step, f"conformance_{class_name}_ref", self.variables[step["of"]].ref)
        self.classes[step["as"]] = class_name
        self.variables[step["as"]] = outcome.value
        self.references.add(step["as"])

    def do_load(self, step: dict[str, Any]) -> None:
        self.start(step["module"])

    def do_unload(self, step: dict[str, Any]) -> None:
        if self.holds_text():
            raise InexpressibleError(*TEXT_IS_STR)
        module = self.modules[step["module"]]
        outcome = self.checked(step, str(FILES[step["module"]]), module.unload)
        if outcome.status >= 0:
            del self.modules[step["module"]]

    # ---- steps that look ----

    def do_end_thread(self, step: dict[str, Any]) -> None:
        self.end_worker(self.workers.pop(step["what"]))

    def do_collect(self, step: dict[str, Any]) -> None:
        assert tallystick.collect() == step["out"]

    def do_empty(self, step: dict[str, Any]) -> None:
        assert self.variables[step["what"]].closed == step.get("out", True)

    def do_content(self, step: dict[str, Any]) -> None:
        held = self.variables[step["what"]]
        assert (held if isinstance(held, str) else bytes(held).decode()) == step["out"]

    def do_fill(self, step: dict[str, Any]) -> None:
        text = step["with"]
        with memoryview(self.variables[step["what"]]) as memory:
            raw = bytes.fromhex(text["hex"]) if isinstance(text, dict) else text.encode()
            memory[: len(raw)] = raw

    def do_same(self, step: dict[str, Any]) -> None:
        if self.classes[step["a"]] != self.classes[step["b"]]:
            raise InexpressibleError(*NO_WORDS)
        assert (self.variables[step["a"]] == self.variables[step["b"]]) == step["out"]

    def do_same_key(self, step: dict[str, Any]) -> None:
        assert (hash(self.variables[step["a"]]) == hash(self.variables[step["b"]])) == step["out"]

    def do_last_error(self, step: dict[str, Any]) -> None:
        error = tallystick.last_error()
        # An interface's own class is known to its own module only; the number is the same.
        assert (error.status if error else 0) == STATUSES[step["expect"]]
        for part in step.get("text", []):
            assert part in str(error)

    def do_ledger(self, step: dict[str, Any]) -> None:
        if step["class"] == "blob" and self.holds_text():
            raise InexpressibleError(*TEXT_IS_STR)
        figures = self.figures(step.get("module", "one"), step["class"])
        for name in ("issued", "retired", "live", "deferred"):
            if name in step:
                assert figures[name] == step[name], name
        assert figures["entries"] == figures["live"] + figures["deferred"]

    def do_census(self, step: dict[str, Any]) -> None:
        counts = self.counts(step.get("module", "one"))
        for what in ("made", "ended"):
            assert counts[f"{what} {step['of']}"] == step.get(what, counts[f"{what} {step['of']}"]), what
        if "last" in step:
            assert KINDS[counts["last"]] == step["last"]

    # ---- steps that only change variables: there are no words ----

    def do_copy(self, step: dict[str, Any]) -> None:
        if step["what"] not in self.references:
            raise InexpressibleError(*NO_WORDS)
        self.classes[step["as"]] = self.classes[step["what"]]
        self.variables[step["as"]] = self.variables[step["what"]]
        self.references.add(step["as"])

    def do_cast(self, step: dict[str, Any]) -> None:
        raise InexpressibleError(*NO_WORDS)

    do_make_up = do_flip = do_each_bit = do_cast

    def end_worker(self, worker: ThreadPoolExecutor) -> None:
        """Until the system's thread is gone, too: Python's join() returns a little before."""
        task = Path(f"/proc/self/task/{worker.submit(threading.get_native_id).result()}")
        worker.shutdown()
        deadline = time.monotonic() + 10
        while task.exists() and time.monotonic() < deadline:
            time.sleep(0.001)

    # ---- values ----

    def arguments(self, function: dict[str, Any], step: dict[str, Any]) -> dict[str, Any]:
        return {name: self.argument(type_of(function["in"][name]), said) for name, said in step.get("in", {}).items()}

    def argument(self, parameter: str, said: Any) -> Any:
        kind = parameter.removeprefix("own ").removeprefix("borrow ").removeprefix("callback ")
        if kind in DESCRIPTION["callbacks"]:
            if not isinstance(said, str):
                raise InexpressibleError(*CALLABLE)
            return Callback(self.scripts[said])
        if parameter in ("own bytes", "own string"):
            return self.variables[said]
        if kind in DESCRIPTION["classes"]:
            if said is None:
                raise InexpressibleError(*NO_NULL)
            if self.classes[said] != kind:
                raise InexpressibleError(*NO_WORDS)
            return self.variables[said]
        if kind in DESCRIPTION["enums"]:
            return conformance.__dict__[pascal(kind)][said.upper()] if isinstance(said, str) else said
        if kind == "bool" and not isinstance(said, bool):
            raise InexpressibleError(*BOOLS)
        if kind not in ("string", "bytes"):
            return said
        if isinstance(said, dict) and "null" in said:
            raise InexpressibleError(*NO_NULL)
        if isinstance(said, dict) and "size" in said:
            raise InexpressibleError(*NO_SIZE)
        raw = bytes.fromhex(said["hex"]) if isinstance(said, dict) and "hex" in said else None
        if raw is None:
            raw = (said["terminated"] if isinstance(said, dict) else said).encode()
        return raw if kind == "bytes" else raw.decode("utf-8", "surrogateescape")

    def comparable(self, result: str, value: Any) -> Any:
        if result == "view":
            return bytes(value).decode()
        return bytes(value).hex() if result == "bytes" else value

    def expected(self, result: str, said: Any) -> Any:
        if result == "bytes":
            return said["hex"] if isinstance(said, dict) else said.encode().hex()
        if result in DESCRIPTION["enums"] and isinstance(said, str):
            return conformance.__dict__[pascal(result)][said.upper()]
        return said

    def keep(self, step: dict[str, Any], kind: str, value: Any) -> None:
        """In its variable, or given back at once."""
        if isinstance(value, str) and "as" in step and "blob" in self.case.get("live", {}):
            raise InexpressibleError(*TEXT_IS_STR)
        if "as" in step:
            self.classes[step["as"]] = "blob" if kind == "bytes" else kind
            self.variables[step["as"]] = value
            self.references.discard(step["as"])
        elif not isinstance(value, str):
            value.close()

    # ---- what holds for every step ----

    def checked(self, step: dict[str, Any], function: str, operation: Callable[[], Any]) -> Outcome:
        expected = STATUSES[step.get("expect", "ok")]
        before = self.values() if expected < 0 else {}
        error_before = str(tallystick.last_error())
        played_before = self.scripts_played
        try:
            outcome = Outcome(0, "", operation())
        except ToldToFailError:
            outcome = self.failure_of_script()
        except tallystick.Error as error:
            # What a callback raised comes back as it was.
            outcome = self.failure_of_script() if "by" in step else Outcome(error.status, str(error), None)
        if self.scripts_played != played_before:
            error_before = self.error_of_scripts
        assert outcome.status == expected, outcome
        if outcome.status < 0:
            self.check_failure(outcome, step, function)
        elif "reports" not in step:
            assert str(tallystick.last_error()) == error_before, "a success wrote the last error"
        else:
            last = tallystick.last_error()
            assert last is not None and last.status == STATUSES[step["reports"]]
        for name, value in before.items():
            if name not in step.get("changes", []):
                assert self.peek(name) == value, f"a failed call changed {name}"
        return outcome

    def failure_of_script(self) -> Outcome:
        last = tallystick.last_error()
        assert last is not None
        return Outcome(last.status, str(last), None)

    def check_failure(self, outcome: Outcome, step: dict[str, Any], function: str) -> None:
        last = tallystick.last_error()
        assert last is not None and (last.status, str(last)) == (outcome.status, outcome.text)
        # What Python itself refuses, it calls by Python's name.
        parts = function.removeprefix("conformance_").split("_", 1)
        python = f"conformance.{pascal(parts[0])}.{parts[-1]}"
        if "by" in step:
            assert outcome.text.startswith(f"{function}: '{step['by']}' failed"), outcome.text
        else:
            start = step.get("start", function + ": ")
            assert outcome.text.startswith((start, python + ": ")), outcome.text
        for part in step.get("text", []):
            assert part in outcome.text, outcome.text

    def check_owned(self, function: dict[str, Any], step: dict[str, Any], outcome: Outcome, closed: set[str]) -> None:
        owned = [step["in"][name] for name, said in function.get("in", {}).items()
                 if type_of(said).startswith("own ") and name in step.get("in", {})]  # fmt: skip
        if function.get("self") == "own":
            owned.append(step["on"])
        for name in owned:
            if name not in closed:
                assert self.variables[name].closed == (outcome.status >= 0 or name in step.get("taken", [])), name

    def closed(self) -> set[str]:
        return {name for name, held in self.variables.items() if getattr(held, "closed", False)}

    def values(self) -> dict[str, int | None]:
        """Of the owners that are not closed."""
        return {
            name: self.peek(name)
            for name, kind in self.classes.items()
            if kind in ("counter", "basket") and name not in self.references and not self.variables[name].closed
        }

    def peek(self, name: str) -> int | None:
        held = self.variables[name]
        try:
            return held.value() if isinstance(held, conformance.Counter) else held.sum()  # type: ignore[no-any-return]
        except (tallystick.Error, AttributeError):
            return None

    # ---- before and after ----

    def start(self, module: str) -> None:
        self.modules[module] = conformance.Module.load(FILES[module])
        self.counts_before.pop(module, None)
        self.counts_before[module] = self.counts(module)

    def counts(self, module: str) -> dict[str, int]:
        """Since the module was loaded. On a thread of its own: a creation on this one would run the destructors that
        wait for it."""

        def count() -> dict[str, int]:
            with conformance.Census(self.modules[module]) as census:
                counts = {f"made {kind.name.lower()}": census.made(kind) for kind in conformance.Kind}
                counts |= {f"ended {kind.name.lower()}": census.ended(kind) for kind in conformance.Kind}
                return counts | {"last": int(census.last())}

        with ThreadPoolExecutor(max_workers=1) as worker:
            counts = worker.submit(count).result()
        before = self.counts_before.get(module, {})
        return {key: value - (0 if key == "last" else before.get(key, 0)) for key, value in counts.items()}

    def figures(self, module: str, class_name: str) -> dict[str, int]:
        name = f"conformance_{module}"
        full = class_name if class_name in ("blob", "view") else f"conformance.{class_name}"
        found = {"issued": 0, "retired": 0, "live": 0, "deferred": 0}
        for balance in tallystick.ledger(name):
            if balance.class_name == full:
                found = {key: getattr(balance, key) for key in found}
        entries = sum(entry.class_name == full for entry in tallystick.live(name))
        return found | {"entries": entries}

    def finish(self) -> None:
        for module in self.modules:
            self.check_balance(module, is_over=False)
        self.close_all()
        self.forget_frames()
        for name, script in self.scripts.items():
            assert script.released == script.given, f"{name} was not released once for each time it was given"
        for module in self.modules:
            self.check_balance(module, is_over=True)

    def close_all(self) -> None:
        for worker in self.workers.values():
            self.end_worker(worker)
        self.workers.clear()
        for held in self.variables.values():
            if not isinstance(held, str) and held is not None:
                try:
                    held.close()
                except tallystick.Error:
                    pass  # a destructor that throws; it has been told
        self.variables.clear()
        gc.collect()
        tallystick.collect()

    def give_back(self) -> None:
        """Whatever came of it."""
        self.close_all()
        for module in self.modules.values():
            module.unload()

    def check_balance(self, module: str, is_over: bool) -> None:
        def declared(key: str, class_name: str) -> int:
            name = class_name if module == "one" else f"{module}.{class_name}"
            return 0 if is_over else self.case.get(key, {}).get(name, 0)

        for class_name in [*CLASSES, "blob", "view"]:
            figures = self.figures(module, class_name)
            assert figures["issued"] == figures["retired"] + figures["live"] + figures["deferred"]
            assert figures["live"] == declared("live", class_name), (module, class_name, figures)
            assert figures["deferred"] == declared("deferred", class_name), (module, class_name, figures)
        counts = self.counts(module) if is_over else {}
        for kind in KINDS if is_over else []:
            assert counts[f"made {kind}"] == counts[f"ended {kind}"], kind


def is_there(shown_by: str) -> bool:
    file, _, name = shown_by.partition(".")
    return f"def {name}(" in (Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    player = Player(case)
    reason = None
    with reported() as player.unraisable:
        try:
            player.play()
        except InexpressibleError as error:
            reason, shown_by = error.args
            assert is_there(shown_by), f"{shown_by} is not there to show that {reason}"
        finally:
            player.give_back()
    assert all(isinstance(each, (ToldToFailError, tallystick.Error)) for each in player.unraisable), player.unraisable
    assert (case["name"] in IMPOSSIBLE) == (reason is not None), reason or "it can be said after all"


def test_the_lists_name_cases_that_are_there() -> None:
    assert IMPOSSIBLE | ANSWERED_OTHERWISE.keys() <= {case["name"] for case in CASES}


def test_the_readme_names_cases_that_are_there() -> None:
    lists = (TABLE / "README.md").read_text(encoding="utf-8").partition("## What others check")[2]
    named = {
        name
        for line in lists.splitlines()
        if line.startswith("| ")
        for name in re.findall(r"`([a-z_]+)`", line.rsplit(" | ", 1)[-1])
    }
    assert len(named) > 50
    assert named <= {case["name"] for case in CASES}
