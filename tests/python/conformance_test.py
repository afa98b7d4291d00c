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
from conftest import FILES

TABLE = Path(__file__).parent.parent / "conformance"

# Why a step can't be said in Python, and the test that shows it.
NO_WORDS = ("there are no words to copy, cast, make up or change", "arguments_test.test_there_are_no_words")
OWN_MODULE = ("calls go to their own module", "arguments_test.test_methods_are_bound_to_their_own_module")
NO_NULL = ("None is of no parameter's type", "arguments_test.test_null_can_not_be_said")
TEXT_IS_STR = ("own text is a str, and leaves no blob", "buffers_test.test_own_text_is_a_str_and_leaves_no_blob")
NO_OUT = ("results are returned, and have no pointer", "arguments_test.test_results_have_no_pointer")
BOOLS = ("a bool is True or False", "arguments_test.test_a_bool_is_an_int_in_python_but_an_int_no_bool")

# What can be said, and is answered otherwise: the case, what the table expects, and what Python answers. A closed
# object is told from none (ClosedError says what became of it), and closing is idempotent and never a misuse.
ANSWERED_OTHERWISE = {
    "a_handle_does_not_destroy": ("not_owner", "ok"),
    "a_handle_does_not_destroy_on_another_thread": ("not_owner", "ok"),
    "a_stale_handle_does_not_destroy": ("not_owner", "ok"),
    "an_empty_variable_given": ("null_argument", "stale_handle"),
    "an_empty_variable_lent": ("null_argument", "stale_handle"),
    "call_with_an_empty_variable": ("null_argument", "stale_handle"),
    "consumed_twice": ("null_argument", "stale_handle"),
    "destroy_the_same_variable_twice": ("already_destroyed", "ok"),
    "the_second_argument_is_empty": ("null_argument", "stale_handle"),
    "the_second_argument_is_spent": ("already_destroyed", "stale_handle"),
}

# The cases that stop at such a step. A case that can be said does not belong here, and its test says so.
IMPOSSIBLE = {
    "a_basket_without_a_place",
    "a_blob_called_as_an_object",
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
    "a_made_up_word",
    "a_made_up_word_given",
    "a_made_up_word_lent",
    "a_null_pointer_to_an_owner",
    "a_scalar_without_a_place",
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
    "a_word_before_the_first_object",
    "a_word_that_a_module_will_issue",
    "all_bits_set",
    "an_address",
    "an_empty_blob_variable_freed",
    "an_object_freed_as_a_blob",
    "an_object_without_a_place",
    "another_class_lent",
    "bytes_that_are_null",
    "call_with_null",
    "call_with_null_after_a_destroy",
    "consumed_as_another_class",
    "consumed_for_a_text",
    "consumed_twice_by_a_copy",
    "deferred_and_destroyed_again",
    "destroy_a_made_up_word",
    "destroy_as_another_class",
    "destroy_in_another_module",
    "destroy_in_another_module_and_class",
    "destroy_null",
    "destroy_twice",
    "every_bit_of_a_blob_counts",
    "every_bit_of_a_handle_counts",
    "every_bit_of_a_token_counts",
    "many_blobs",
    "no_text",
    "null_before_the_first_object",
    "null_lent",
    "null_text_of_unknown_size",
    "nulls_are_not_the_same",
    "one_token_given_twice",
    "ref_of_a_made_up_word",
    "ref_of_another_class",
    "ref_of_null",
    "spent_token_of_a_reused_slot",
    "spent_token_of_long_ago",
    "text_that_is_null",
    "the_last_error_outlives_clean_up",
    "the_second_argument_is_of_another_class",
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


class Outcome(NamedTuple):
    """What one operation came to."""

    status: int
    text: str
    value: Any


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def function_of(class_name: str, name: str) -> dict[str, Any]:
    described = DESCRIPTION["classes"][class_name]
    if name == "create":
        return described["create"]
    return described.get("methods", {}).get(name) or described["creators"][name]


def type_of(said: Any) -> str:
    """ "own counter = x" -> "own counter"; of a parameter or a result."""
    text: str = said["type"] if isinstance(said, dict) else said
    return text.split("=")[0].strip()


class Player:
    """One case."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.modules: dict[str, conformance.Module] = {}
        self.variables: dict[str, Any] = {}
        self.classes: dict[str, str] = {}
        self.references: set[str] = set()
        self.workers: dict[str, ThreadPoolExecutor] = {}
        self.made_before: dict[tuple[str, str], int] = {}
        self.ended_before: dict[tuple[str, str], int] = {}

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
        if outcome.status < 0:
            return
        result = type_of(function.get("out", "")).removeprefix("own ")
        if step.get("out") is not None:
            assert self.comparable(result, outcome.value) == self.expected(result, step["out"])
        if result in DESCRIPTION["classes"] or result in ("string", "bytes"):
            self.keep(step, result, outcome.value)

    def do_destroy(self, step: dict[str, Any]) -> None:
        if "class" in step or "via" in step:
            raise InexpressibleError(*OWN_MODULE)
        class_name = self.classes[step["what"]]
        self.checked(step, f"conformance_{class_name}_destroy", self.variables[step["what"]].close)

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
        module = step.get("module", "one")
        key = (module, step["of"])
        made = self.counted(module, "made", step["of"]) - self.made_before[key]
        ended = self.counted(module, "ended", step["of"]) - self.ended_before[key]
        assert (made, ended) == (step.get("made", made), step.get("ended", ended))

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
        kind = parameter.removeprefix("own ").removeprefix("borrow ")
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
        raw = bytes.fromhex(said["hex"]) if isinstance(said, dict) and "hex" in said else None
        if raw is None:
            raw = (said["terminated"] if isinstance(said, dict) else said).encode()
        return raw if kind == "bytes" else raw.decode("utf-8", "surrogateescape")

    def comparable(self, result: str, value: Any) -> Any:
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
        try:
            outcome = Outcome(0, "", operation())
        except tallystick.Error as error:
            outcome = Outcome(error.status, str(error), None)
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

    def check_failure(self, outcome: Outcome, step: dict[str, Any], function: str) -> None:
        last = tallystick.last_error()
        assert last is not None and (last.status, str(last)) == (outcome.status, outcome.text)
        # What Python itself refuses, it calls by Python's name.
        parts = function.removeprefix("conformance_").split("_", 1)
        python = f"conformance.{pascal(parts[0])}.{parts[-1]}"
        assert outcome.text.startswith((function + ": ", python + ": ")), outcome.text
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
        for kind in KINDS:
            self.made_before[module, kind] = self.counted(module, "made", kind)
            self.ended_before[module, kind] = self.counted(module, "ended", kind)

    def counted(self, module: str, what: str, kind: str) -> int:
        """On a thread of its own: a creation on this one would run the destructors that wait for it."""

        def count() -> int:
            with conformance.Census(self.modules[module]) as census:
                return getattr(census, what)(conformance.Kind[kind.upper()])  # type: ignore[no-any-return]

        with ThreadPoolExecutor(max_workers=1) as worker:
            return worker.submit(count).result()

    def figures(self, module: str, class_name: str) -> dict[str, int]:
        name = f"conformance_{module}"
        full = class_name if class_name == "blob" else f"conformance.{class_name}"
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

        for class_name in [*DESCRIPTION["classes"], "blob"]:
            figures = self.figures(module, class_name)
            assert figures["issued"] == figures["retired"] + figures["live"] + figures["deferred"]
            assert figures["live"] == declared("live", class_name), (module, class_name, figures)
            assert figures["deferred"] == declared("deferred", class_name), (module, class_name, figures)
        for kind in KINDS if is_over else []:
            made = self.counted(module, "made", kind) - self.made_before[module, kind]
            ended = self.counted(module, "ended", kind) - self.ended_before[module, kind]
            assert made == ended, kind


def is_there(shown_by: str) -> bool:
    file, _, name = shown_by.partition(".")
    return f"def {name}(" in (Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    player = Player(case)
    reason = None
    try:
        player.play()
    except InexpressibleError as error:
        reason, shown_by = error.args
        assert is_there(shown_by), f"{shown_by} is not there to show that {reason}"
    finally:
        player.give_back()
    assert (case["name"] in IMPOSSIBLE) == (reason is not None), reason or "it can be said after all"


def test_the_lists_name_cases_that_are_there() -> None:
    assert IMPOSSIBLE | ANSWERED_OTHERWISE.keys() <= {case["name"] for case in CASES}
