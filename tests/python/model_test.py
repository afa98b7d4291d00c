"""Random programs against a model of the rules of ownership.

The model is small and slow, and knows nothing of handles, generations, threads: an object has so many owners, and ends
when it has none, no child that keeps it, and no call inside. Hypothesis makes programs out of the rules below, which do
each thing twice, here and with the generated modules, and makes those that fail smaller. What is compared, after every
step: what a call returns or is refused with, the ledger, which callbacks are still kept, what memory holds; and at the
end that everything can be given back, and was.

TALLYSTICK_TEST_LONG=1 tries new programs for about two minutes; without it, they are the same few every time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
import threading
import warnings
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any

import conformance
import hypothesis.strategies as st
import shop
import tallystick
from conftest import FILES, reported
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

QUICK = settings(
    max_examples=250,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=2500, derandomize=False, stateful_step_count=50)


SIZES: dict[str, int] = {}  # of an object of each class


# ---- The model ----


@dataclasses.dataclass(eq=False)
class Thing:
    """An object, a blob or a view, as the rules know it."""

    module: str
    kind: str
    parent: Thing | None = None
    ends_with_parent: bool = False
    owners: int = 1
    inside: int = 0  # calls under way
    children: list[Thing] = dataclasses.field(default_factory=list)  # that have not ended
    kept: list[Thing] = dataclasses.field(default_factory=list)  # what it owns
    handler: weakref.ref[Any] | None = None  # the callback that it keeps
    content: bytes = b""
    is_returned: bool = False  # memory that a call made, in a container of its author's
    went_with_parent: bool = False
    has_ended: bool = False

    @property
    def has_views(self) -> bool:
        return any(child.kind == "view" for child in self.children)


class Model:
    """What becomes of things."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.issued: Counter[tuple[str, str]] = Counter()

    def create(self, module: str, kind: str, parent: Thing | None = None, **more: Any) -> Thing:
        thing = Thing(module, kind, parent, **more)
        self.things.append(thing)
        self.issued[module, kind] += 1
        if parent:
            parent.children.append(thing)
        return thing

    def retain(self, thing: Thing) -> None:
        thing.owners += 1
        self.issued[thing.module, thing.kind] += 1

    def spend(self, thing: Thing) -> None:
        """One owner less."""
        thing.owners -= 1
        if thing.owners == 0:
            for child in list(thing.children):
                if child.ends_with_parent:
                    child.went_with_parent = True
                    child.owners = 0
                    self.settle(child)
            self.settle(thing)

    def leave(self, thing: Thing) -> None:
        thing.inside -= 1
        self.settle(thing)

    def settle(self, thing: Thing) -> None:
        if thing.owners or thing.inside or thing.children or thing.has_ended:
            return
        thing.has_ended = True
        for each in thing.kept:
            self.spend(each)
        if thing.parent:
            thing.parent.children.remove(thing)
            self.settle(thing.parent)

    def bytes(self, module: str, kind: str, actual: int) -> int:
        """What they take together; what one object takes is the author's to know, but it is always the same."""
        alive = [thing for thing in self.things if (thing.module, thing.kind) == (module, kind) and not thing.has_ended]
        if kind in ("blob", "view"):
            return sum(len(thing.content) for thing in alive if kind == "blob")
        if alive:
            SIZES.setdefault(kind, actual // len(alive))
        return len(alive) * SIZES.get(kind, 0)

    def balances(self, module: str) -> dict[str, tuple[int, int, int]]:
        """Of each class: issued, live, deferred."""
        figures = {kind: [issued, 0, 0] for (where, kind), issued in self.issued.items() if where == module}
        for thing in self.things:
            if thing.module == module:
                figures[thing.kind][1] += thing.owners
                figures[thing.kind][2] += thing.owners == 0 and not thing.has_ended
        return {kind: (issued, live, deferred) for kind, (issued, live, deferred) in figures.items()}


@dataclasses.dataclass(eq=False)
class Word:
    """A Python object, and what it stands for."""

    real: Any
    thing: Thing
    owns: bool = True
    is_closed: bool = False
    buffers: list[memoryview] = dataclasses.field(default_factory=list)

    def refusals(self) -> set[type[BaseException]]:
        """What a call of it, or with it, must be refused with."""
        if self.is_closed:
            return {tallystick.ClosedError}
        if self.thing.went_with_parent:
            return {tallystick.GoneWithParentError}
        return set() if self.thing.owners else {tallystick.StaleHandleError}

    def refusals_to_give(self) -> set[type[BaseException]]:
        """The same where an owner is asked for."""
        if self.buffers:
            return {BufferError}
        if not self.owns and not self.is_closed:
            return {tallystick.NotOwnerError}
        return self.refusals()


# ---- The program ----


class Listener:
    """A callback that can be watched."""

    def __call__(self, item: int) -> None:
        pass


class OurError(Exception):
    """What a callback raises."""


def on_another_thread(task: Callable[[], object]) -> None:
    thread = threading.Thread(target=task)
    thread.start()
    thread.join()


CALLS: dict[str, Callable[[Any], object]] = {
    "database": lambda real: real.notify(1),
    "note": lambda real: real.size(),
    "cursor": lambda real: real.position(),
    "image": lambda real: real.width(),
    "sample": lambda real: real.next(),
    "sample_array": len,
    "chest": lambda real: real.address(),
    "subscription": lambda real: real.fire(1),
    "bundle": lambda real: real.fire(1),
    "counter": lambda real: real.value(),
    "basket": lambda real: real.count(),
    "view": bytes,
    "blob": bytes,
}
OBJECTS = tuple(kind for kind in CALLS if kind not in ("view", "blob"))
COUNTED = ("image",)
INSIDE = ("call", "close", "try_close", "refer", "write_note", "set_text", "show", "offer")  # what a callback may do
FIRSTS = (  # what a program may begin with
    *("write_note", "open_cursor", "new_counter", "new_counter", "new_basket", "new_image", "new_samples"),
    *("new_chest", "allocate", "new_bundle", "subscribe"),
)

which = st.integers(0, 9)  # one of those that are there, the latest first; from 7 on, also one that is of no use
modules = st.sampled_from(("one", "one", "one", "two"))
flags = st.booleans()


def there_is(*kinds: str) -> Callable[[Any], bool]:
    return lambda program: any(word.thing.kind in kinds for word in program.words)


class Program(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.words: list[Word] = []
        self.handlers: list[weakref.ref[Listener]] = []
        self.loaded: dict[str, Any] = {}
        self.before: dict[tuple[str, str], tallystick.Balance] = {}  # what a program that failed has left
        for name in ("shop", "one", "two"):
            self.load(name)

    def load(self, name: str) -> None:
        self.loaded[name] = (shop if name == "shop" else conformance).Module.load(FILES[name])
        for row in tallystick.ledger(self.loaded[name].name):
            self.before[name, row.class_name.rpartition(".")[2]] = row

    @initialize(firsts=st.lists(st.sampled_from(FIRSTS), min_size=4, max_size=9))
    def begin(self, firsts: list[str]) -> None:
        for first in firsts:
            if first == "new_samples":
                self.new_samples(2)
            elif first == "allocate":
                self.allocate(5)
            elif first in ("new_counter", "new_basket"):
                getattr(self, first)("one")
            elif first in ("write_note", "open_cursor"):
                self.new_database()
                getattr(self, first)(0)
            else:
                getattr(self, first)()

    # ---- Helpers ----

    def one(self, choice: int, *kinds: str) -> Word:
        found = [word for word in self.words if word.thing.kind in kinds]
        if choice < 7:
            found = [word for word in found if not word.refusals()] or found
        return found[-1 - choice % len(found)]

    def own(self, real: Any, thing: Thing) -> Word:
        self.words.append(Word(real, thing))
        return self.words[-1]

    def make(self, module: str, make: Callable[[Any], Any], kind: str) -> Word:
        return self.own(make(self.loaded[module]), self.model.create(module, kind))

    def attempt(self, refusals: set[type[BaseException]], call: Callable[[], Any]) -> tuple[bool, Any]:
        """Whether the call succeeded, and its result. It must, unless it has to be refused."""
        try:
            result = call()
        except (tallystick.Error, BufferError) as error:
            if type(error) not in refusals:
                raise
            return False, None
        assert not refusals, f"not refused with {refusals}"
        return True, result

    def give(self, word: Word) -> None:
        """The call has taken it."""
        assert word.real.closed
        word.is_closed = True

    # ---- Any object ----

    @precondition(there_is(*CALLS))
    @rule(choice=which)
    def call(self, choice: int) -> None:
        word = self.one(choice, *CALLS)
        done, result = self.attempt(word.refusals(), lambda: CALLS[word.thing.kind](word.real))
        if done and word.thing.kind in ("view", "blob"):
            assert result == word.thing.content
        if done and word.thing.kind in ("note", "basket"):
            assert result == (len(word.thing.content) if word.thing.kind == "note" else len(word.thing.kept))

    @precondition(there_is(*OBJECTS))
    @rule(choice=which)
    def refer(self, choice: int) -> None:
        word = self.one(choice, *OBJECTS)
        done, reference = self.attempt(word.refusals(), word.real.ref)
        if done:
            self.words.append(Word(reference, word.thing, owns=False))

    @precondition(there_is(*OBJECTS))
    @rule(first=which, second=which)
    def compare(self, first: int, second: int) -> None:
        a, b = self.one(first, *OBJECTS), self.one(second, *OBJECTS)
        assert (a.real == b.real) == (a.thing is b.thing)
        assert a.thing is not b.thing or hash(a.real) == hash(b.real)

    def closes(self, word: Word) -> None:
        """It is closed; its owner's part, if it had any left."""
        if word.owns and not word.is_closed and not word.thing.went_with_parent:
            self.model.spend(word.thing)
        word.is_closed = True

    @precondition(there_is(*CALLS))
    @rule(choice=which)
    def close(self, choice: int) -> None:
        word = self.one(choice, *CALLS)
        done, _ = self.attempt({BufferError} if word.buffers else set(), word.real.close)
        if done:
            self.closes(word)
        assert word.real.closed == word.is_closed

    @precondition(there_is(*OBJECTS))
    @rule(choice=which)
    def close_on_another_thread(self, choice: int) -> None:
        word = self.one(choice, *OBJECTS)
        on_another_thread(word.real.close)
        tallystick.collect()
        self.closes(word)

    @precondition(there_is(*OBJECTS))
    @rule(choice=which)
    def try_close(self, choice: int) -> None:
        word = self.one(choice, *OBJECTS)
        thing = word.thing
        if thing.kind in COUNTED:
            return
        refusals: set[type[BaseException]] = set()
        if word.owns and not word.refusals():
            if thing.has_views or thing.inside:
                refusals = {tallystick.BorrowedError}
            elif thing.children:
                refusals = {tallystick.HasChildrenError}
        done, _ = self.attempt(refusals, word.real.try_close)
        if done:
            self.closes(word)
        assert word.real.closed == word.is_closed

    @precondition(there_is(*CALLS))
    @rule(choice=which)
    def lose(self, choice: int) -> None:
        """Nobody holds the Python object any more."""
        word = self.one(choice, *CALLS)
        for buffer in word.buffers:
            buffer.release()
        self.words.remove(word)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            word.real = None
        must_warn = word.owns and not word.is_closed and word.thing.kind in OBJECTS
        assert [each.category for each in caught] == [ResourceWarning] * must_warn
        self.closes(word)

    @precondition(lambda program: len(program.words) > 3)
    @rule(module=st.sampled_from(("shop", "one", "two")))
    def unload(self, module: str) -> None:
        lives = any(thing.module == module and not thing.has_ended for thing in self.model.things)
        lives |= any(row.live or row.deferred for (where, _), row in self.before.items() if where == module)
        done, _ = self.attempt({tallystick.HasChildrenError} if lives else set(), self.loaded[module].unload)
        if not done:
            return
        for word in [word for word in self.words if word.thing.module == module]:
            assert word.real.closed or word.owns
            word.is_closed |= word.real.closed
            self.words.remove(word)
        self.model.things = [thing for thing in self.model.things if thing.module != module]
        for counts in (self.model.issued, self.before):
            for key in [key for key in counts if key[0] == module]:
                del counts[key]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.load(module)

    # ---- Parents, children and views ----

    @rule()
    def new_database(self) -> None:
        self.make("shop", shop.Database, "database")

    @precondition(there_is("database"))
    @rule(choice=which, by_function=flags)
    def write_note(self, choice: int, by_function: bool = False) -> None:
        word = self.one(choice, "database")
        by = (lambda text: shop.note_for(self.loaded["shop"], word.real, text)) if by_function else word.real.write_note
        done, note = self.attempt(word.refusals(), lambda: by("abc"))
        if done:
            self.own(note, self.model.create("shop", "note", word.thing, content=b"abc"))

    @precondition(there_is("database"))
    @rule(choice=which)
    def open_cursor(self, choice: int) -> None:
        word = self.one(choice, "database")
        done, cursor = self.attempt(word.refusals(), word.real.open_cursor)
        if done:
            self.own(cursor, self.model.create("shop", "cursor", word.thing, ends_with_parent=True))

    @precondition(there_is("note"))
    @rule(choice=which)
    def show(self, choice: int) -> None:
        word = self.one(choice, "note")
        done, view = self.attempt(word.refusals(), word.real.data)
        if done:
            self.own(view, self.model.create("shop", "view", word.thing, content=word.thing.content))

    @precondition(there_is("note"))
    @rule(choice=which)
    def set_text(self, choice: int) -> None:
        word = self.one(choice, "note")
        text = "x" * (len(word.thing.content) + 1)
        borrowed: set[type[BaseException]] = {tallystick.BorrowedError} if word.thing.has_views else set()
        done, _ = self.attempt(word.refusals() or borrowed, lambda: word.real.set_text(text))
        if done:
            word.thing.content = text.encode()

    # ---- Callbacks ----

    @precondition(there_is("database"))
    @rule(choice=which, fails=flags)
    def on_notice(self, choice: int, fails: bool) -> None:
        word = self.one(choice, "database")
        handler = Listener()
        self.handlers.append(weakref.ref(handler))
        refusals: set[type[BaseException]] = {shop.SoldOut} if fails else set()
        method = word.real.refuse_notice if fails else word.real.on_notice
        done, _ = self.attempt(word.refusals() or refusals, lambda: method(handler))
        if done:
            word.thing.handler = self.handlers[-1]

    @precondition(there_is("database"))
    @rule(choice=which)
    def forget(self, choice: int) -> None:
        word = self.one(choice, "database")
        done, _ = self.attempt(word.refusals(), word.real.forget)
        if done:
            word.thing.handler = None

    @precondition(lambda program: there_is("database")(program) and there_is("note")(program))
    @rule(database=which, note=which, acts=st.lists(st.tuples(st.sampled_from(INSIDE), which), max_size=4))
    def call_inside(self, database: int, note: int, acts: list[tuple[str, int]]) -> None:
        """A call that calls back, and what happens meanwhile: both objects stay until it has returned."""
        outer, lent = self.one(database, "database"), self.one(note, "note")

        def by(reference: shop.Note) -> int:
            pinned = (outer.thing, lent.thing)
            for thing in pinned:
                thing.inside += 1
            for act, choice in acts:
                if act == "offer":
                    self.offer(choice, choice, "keep")
                else:
                    getattr(self, act)(choice)
                self.ledger_agrees()
            for thing in pinned:
                thing.inside -= 1
            return 7

        done, result = self.attempt(outer.refusals() | lent.refusals(), lambda: outer.real.inspect(lent.real, by))
        if done:
            assert result == 7
            self.model.settle(lent.thing)
            self.model.settle(outer.thing)

    @precondition(lambda program: there_is("database")(program) and there_is("note")(program))
    @rule(database=which, note=which, end=st.sampled_from(("keep", "close", "raise")))
    def offer(self, database: int, note: int, end: str) -> None:
        """Gives a note to a callback: another owner of the same object."""
        outer, given = self.one(database, "database"), self.one(note, "note")
        taken: list[shop.Note] = []

        def adopt(note: shop.Note) -> bool:
            taken.append(note)
            if end == "raise":
                raise OurError
            if end == "close":
                note.close()
            return True

        refusals = outer.refusals() | given.refusals_to_give()
        with reported() as unraisable:
            done, result = self.attempt(refusals, lambda: outer.real.offer(given.real, adopt))
            assert [type(each) for each in unraisable] == ([OurError] if done and end == "raise" else [])
            unraisable.clear()
        if not done:
            assert not taken and given.real.closed == given.is_closed
            return
        self.give(given)
        assert result == (end != "raise") and taken[0].closed == (end != "keep")
        self.own(taken.pop(), given.thing)
        if end != "keep":
            self.closes(self.words[-1])

    @rule()
    def new_bundle(self) -> None:
        self.make("shop", shop.Bundle, "bundle")

    @rule()
    def subscribe(self) -> None:
        handler = Listener()
        self.handlers.append(weakref.ref(handler))
        word = self.make("shop", lambda module: shop.Subscription(module, handler), "subscription")
        word.thing.handler = self.handlers[-1]

    @precondition(lambda program: there_is("bundle")(program) and there_is("subscription")(program))
    @rule(bundle=which, subscription=which)
    def put_subscription(self, bundle: int, subscription: int) -> None:
        outer, given = self.one(bundle, "bundle"), self.one(subscription, "subscription")
        refusals = outer.refusals() | given.refusals_to_give()
        done, _ = self.attempt(refusals, lambda: outer.real.put(given.real))
        if done:
            self.give(given)
            for each in outer.thing.kept:
                self.model.spend(each)
            outer.thing.kept = [given.thing]

    # ---- Counted classes and arrays ----

    @rule()
    def new_image(self) -> None:
        self.make("shop", lambda module: shop.Image(module, 3), "image")

    @precondition(there_is("image"))
    @rule(choice=which)
    def retain(self, choice: int) -> None:
        word = self.one(choice, "image")
        done, owner = self.attempt(word.refusals(), word.real.retain)
        if done:
            self.model.retain(word.thing)
            self.own(owner, word.thing)

    @rule(count=st.integers(0, 3))
    def new_samples(self, count: int) -> None:
        word = self.make("shop", lambda module: shop.SampleArray(module, count), "sample_array")
        word.thing.kept = [self.model.create("shop", "sample") for _ in range(count)]

    @precondition(there_is("sample_array"))
    @rule(choice=which)
    def element(self, choice: int) -> None:
        word = self.one(choice, "sample_array")
        if word.thing.kept:
            done, element = self.attempt(word.refusals(), lambda: word.real[-1])
            if done:
                self.words.append(Word(element, word.thing.kept[-1], owns=False))

    # ---- Memory ----

    @rule(size=st.integers(0, 9))
    def allocate(self, size: int) -> None:
        word = self.make("shop", lambda module: shop.allocate(module, size, zeroed=True), "blob")
        word.thing.content = bytes(size)

    @precondition(there_is("blob", "view"))
    @rule(choice=which)
    def open_buffer(self, choice: int) -> None:
        word = self.one(choice, "blob", "view")
        done, buffer = self.attempt(word.refusals(), lambda: memoryview(word.real))
        if done:
            word.buffers.append(buffer)
            assert bytes(buffer) == word.thing.content

    @precondition(there_is("blob", "view"))
    @rule(choice=which, byte=st.integers(0, 255))
    def close_buffer(self, choice: int, byte: int) -> None:
        """After the last change through it."""
        word = self.one(choice, "blob", "view")
        if word.buffers:
            with word.buffers.pop() as buffer:
                if word.thing.kind == "blob":
                    buffer[:] = word.thing.content = bytes([byte]) * len(buffer)

    @precondition(there_is("blob"))
    @rule(choice=which, size=st.integers(0, 9))
    def resize(self, choice: int, size: int) -> None:
        word = self.one(choice, "blob")
        refusals = word.refusals() or ({BufferError} if word.buffers else set())
        if not refusals and word.thing.is_returned:
            refusals = {tallystick.NotSupportedError}
        done, _ = self.attempt(refusals, lambda: word.real.resize(size))
        if done:
            word.thing.content = word.thing.content[:size].ljust(size, b"\0")

    @rule()
    def new_chest(self) -> None:
        self.make("shop", shop.Chest, "chest")

    def put_away(self, chest: Thing, blob: Thing) -> None:
        for each in chest.kept:
            self.model.spend(each)
        chest.kept = [blob]
        chest.content = blob.content

    @precondition(lambda program: there_is("chest")(program) and there_is("blob")(program))
    @rule(chest=which, blob=which, fails=flags)
    def put_blob(self, chest: int, blob: int, fails: bool) -> None:
        outer, given = self.one(chest, "chest"), self.one(blob, "blob")
        refusals = outer.refusals() | given.refusals_to_give()
        if not refusals and fails:  # the author's code has taken it all the same
            self.attempt({shop.SoldOut}, lambda: outer.real.put(given.real, True))
            self.give(given)
            self.model.spend(given.thing)
            return
        done, size = self.attempt(refusals, lambda: outer.real.put(given.real, fails))
        if done:
            assert size == len(given.thing.content)
            self.give(given)
            self.put_away(outer.thing, given.thing)

    @precondition(there_is("chest"))
    @rule(choice=which, data=st.binary(max_size=5))
    def put_copy(self, choice: int, data: bytes) -> None:
        word = self.one(choice, "chest")
        done, _ = self.attempt(word.refusals(), lambda: word.real.put(data))
        if done:
            self.put_away(word.thing, self.model.create("shop", "blob", content=data))
        elif not word.is_closed:  # the module was asked, and was given a copy to refuse
            self.model.issued["shop", "blob"] += 1

    @precondition(there_is("chest"))
    @rule(choice=which)
    def take_copy(self, choice: int) -> None:
        word = self.one(choice, "chest")
        done, blob = self.attempt(word.refusals(), word.real.take)
        if done:
            self.own(blob, self.model.create("shop", "blob", content=word.thing.content, is_returned=True))

    # ---- Giving, and failing to, in two modules ----

    @rule(module=modules)
    def new_counter(self, module: str) -> None:
        self.make(module, conformance.Counter, "counter")

    @rule(module=modules)
    def new_basket(self, module: str) -> None:
        self.make(module, conformance.Basket, "basket")

    def refusals_to_give(self, outer: Word, *given: Word) -> set[type[BaseException]]:
        """Of a method of `outer` that takes them."""
        refusals = outer.refusals().union(*(word.refusals_to_give() for word in given))
        if any(word.thing.module != outer.thing.module for word in given):
            refusals.add(tallystick.WrongModuleError)
        things = [outer.thing, *(word.thing for word in given)]
        if not refusals and len(set(things)) != len(things):
            refusals.add(tallystick.BorrowedError)
        return refusals

    @precondition(lambda program: there_is("basket")(program) and there_is("counter")(program))
    @rule(basket=which, counter=which, how=st.sampled_from(("put", "fail", "keep_and_fail")))
    def put_counter(self, basket: int, counter: int, how: str) -> None:
        outer, given = self.one(basket, "basket"), self.one(counter, "counter")
        refusals = self.refusals_to_give(outer, given)
        fault = conformance.Fault.NOTHING if how == "put" else conformance.Fault.REFUSED
        method = outer.real.keep_and_fail if how == "keep_and_fail" else outer.real.put
        failure: set[type[BaseException]] = set() if how == "put" else {conformance.Refused}
        self.attempt(refusals or failure, lambda: method(given.real, fault))
        if not refusals and how != "fail":
            self.give(given)
            outer.thing.kept.append(given.thing)
        assert given.real.closed == given.is_closed

    @precondition(there_is("counter"))
    @rule(first=which, second=which, fails=flags)
    def absorb(self, first: int, second: int, fails: bool) -> None:
        outer, given = self.one(first, "counter"), self.one(second, "counter")
        refusals = self.refusals_to_give(outer, given)
        fault = conformance.Fault.REFUSED if fails else conformance.Fault.NOTHING
        failure: set[type[BaseException]] = {conformance.Refused} if fails else set()
        done, _ = self.attempt(refusals or failure, lambda: outer.real.absorb(given.real, fault))
        if done:
            self.give(given)
            self.model.spend(given.thing)
        assert given.real.closed == given.is_closed

    @precondition(there_is("counter"))
    @rule(choice=which, fails=flags)
    def renew(self, choice: int, fails: bool) -> None:
        """A method that consumes its object."""
        word = self.one(choice, "counter")
        fault = conformance.Fault.REFUSED if fails else conformance.Fault.NOTHING
        failure: set[type[BaseException]] = {conformance.Refused} if fails else set()
        done, counter = self.attempt(word.refusals_to_give() or failure, lambda: word.real.renew(fault))
        if done:
            self.give(word)
            self.model.spend(word.thing)
            self.own(counter, self.model.create(word.thing.module, "counter"))

    @precondition(there_is("basket"))
    @rule(choice=which, unpacks=flags)
    def take_counter(self, choice: int, unpacks: bool) -> None:
        """Out of the basket, which is gone then if it is unpacked."""
        word = self.one(choice, "basket")
        refusals = word.refusals_to_give() if unpacks else word.refusals()
        empty: set[type[BaseException]] = set() if word.thing.kept else {conformance.Empty}
        done, counter = self.attempt(refusals or empty, word.real.unpack if unpacks else word.real.take)
        if done:
            self.own(counter, word.thing.kept.pop())
            if unpacks:
                self.give(word)
                self.model.spend(word.thing)

    @precondition(there_is("basket"))
    @rule(first=which, second=which)
    def move_in(self, first: int, second: int) -> None:
        outer, given = self.one(first, "basket"), self.one(second, "basket")
        done, _ = self.attempt(self.refusals_to_give(outer, given), lambda: outer.real.move_in(given.real))
        if done:
            self.give(given)
            outer.thing.kept += given.thing.kept
            given.thing.kept = []
            self.model.spend(given.thing)

    # ---- What must be true at any time ----

    @invariant()
    def ledger_agrees(self) -> None:
        for name, module in self.loaded.items():
            actual = {}
            for row in tallystick.ledger(module.name):
                kind = row.class_name.rpartition(".")[2]
                before = self.before.get((name, kind), tallystick.Balance(row.module, row.class_name, 0, 0, 0, 0, 0))
                assert row.issued == row.retired + row.live + row.deferred
                if row.issued != before.issued:
                    actual[kind] = (row.issued - before.issued, row.live - before.live, row.deferred - before.deferred)
                assert row.bytes - before.bytes == self.model.bytes(name, kind, row.bytes - before.bytes)
            assert actual == self.model.balances(name)

    @invariant()
    def callbacks_are_kept_as_long_as_needed(self) -> None:
        needed = {id(thing.handler()) for thing in self.model.things if thing.handler and not thing.has_ended}
        assert {id(handler()) for handler in self.handlers if handler() is not None} == needed

    def teardown(self) -> None:
        has_failed = sys.exc_info()[0] is not None
        while self.words:
            word = self.words.pop()
            with contextlib.suppress(tallystick.Error) if has_failed else contextlib.nullcontext():
                for buffer in word.buffers:
                    buffer.release()
                word.real.close()
                self.closes(word)
        if not has_failed:
            self.ledger_agrees()
            self.callbacks_are_kept_as_long_as_needed()
            assert all(thing.has_ended for thing in self.model.things)
        with contextlib.suppress(tallystick.HasChildrenError) if has_failed else contextlib.nullcontext():
            for module in self.loaded.values():
                module.unload()


def test_any_program_ends_as_the_model_says() -> None:
    run_state_machine_as_test(Program, settings=LONG if os.environ.get("TALLYSTICK_TEST_LONG") else QUICK)
