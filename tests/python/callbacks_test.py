"""Callbacks: what they are given and return, what becomes of an exception, and who keeps them."""

from __future__ import annotations

import gc
import subprocess
import threading
import weakref
from collections.abc import Callable

import pytest
import shop
import tallystick
from conftest import reported


class Listener:
    """A callable that can be watched."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.database: shop.Database | shop.Subscription | shop.Bundle | None = None

    def __call__(self, item: int) -> None:
        self.heard.append(item)


def test_a_callback_is_called_with_values(store: shop.Module) -> None:
    seen = []
    assert shop.count_to(store, 3, lambda done, label: seen.append((done, label)) or True) == 3
    assert seen == [(0, "counting"), (1, "counting"), (2, "counting")]
    assert shop.count_to(store, 3, lambda done, label: done < 1) == 1


def test_a_callback_gets_bytes_and_enums(store: shop.Module) -> None:
    seen = []

    def review(content: bytes, weight: float, before: shop.Verdict) -> int:
        seen.append((content, weight, before))
        return shop.Verdict.ENOUGH

    with shop.Database(store) as database:
        assert database.review(b"abc", review) is shop.Verdict.ENOUGH
        assert database.review(b"", lambda *_: 0) is shop.Verdict.MORE
    assert seen == [(b"abc", 0.5, shop.Verdict.MORE)]
    assert type(seen[0][0]) is bytes and seen[0][2] is shop.Verdict.MORE


def test_a_lent_object_is_a_reference(store: shop.Module) -> None:
    seen: list[shop.Note] = []

    def size(note: shop.Note) -> int:
        seen.append(note)
        return note.size()

    with shop.Database(store) as database, database.write_note("abc") as note:
        assert database.inspect(note, size) == 3
        assert seen[0] == note and seen[0].size() == 3
    with pytest.raises(tallystick.StaleHandleError):
        seen[0].size()


def test_a_given_object_belongs_to_the_callback(store: shop.Module) -> None:
    taken: list[shop.Note] = []
    with shop.Database(store) as database:
        note = database.write_note("abc")
        assert database.offer(note, lambda given: taken.append(given) or True)
        assert note.closed
        assert taken[0].size() == 3
        taken.pop().close()
        assert database.offer(database.write_note("abc"), lambda given: given.close() or True)


def test_a_callback_that_fails_gives_back_what_it_was_given(store: shop.Module) -> None:
    taken: list[shop.Note] = []

    def adopt(given: shop.Note) -> bool:
        taken.append(given)
        raise KeyError(1)

    with reported() as unraisable, shop.Database(store) as database:
        assert not database.offer(database.write_note("abc"), adopt)
        assert taken[0].closed
        with pytest.raises(tallystick.ClosedError, match="the callback that was given it failed"):
            taken[0].size()
        database.try_close()
    assert [type(each) for each in unraisable] == [KeyError]


def test_what_is_not_callable_is_refused(store: shop.Module) -> None:
    with shop.Database(store) as database:
        with pytest.raises(TypeError, match=r"on_notice\(\) argument 'handler' must be callable, not int"):
            database.on_notice(7)  # type: ignore[arg-type]
        database.notify(1)


@pytest.mark.parametrize(
    ("returned", "raised", "text"),
    [
        (1, TypeError, r"progress\(\) must return bool, not int"),
        (None, TypeError, r"progress\(\) must return bool, not NoneType"),
    ],
)
def test_a_wrong_result_is_named(store: shop.Module, returned: object, raised: type[Exception], text: str) -> None:
    with pytest.raises(raised, match=text):
        shop.count_to(store, 1, lambda *_: returned)  # type: ignore[arg-type, return-value]


def test_a_result_out_of_range_is_named(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note:
        with pytest.raises(OverflowError, match=r"inspect\(\) must return a number from -2147483648 to 2147483647"):
            database.inspect(note, lambda _: 2**31)


# ---- exceptions ----


class OurError(Exception):
    """No type that Tallystick knows."""


def test_an_exception_comes_back_unchanged(store: shop.Module) -> None:
    error = OurError("no such thing")

    def handler(item: int) -> None:
        raise error

    with shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(OurError) as caught:
            database.notify(1)
        assert caught.value is error
        assert any(entry.name == "handler" for entry in caught.traceback)
        last = tallystick.last_error()
        assert isinstance(last, tallystick.ProviderError)
        assert "'notice'" in str(last) and "OurError: no such thing" in str(last)


def test_a_long_message_does_not_hide_the_exception(store: shop.Module) -> None:
    def handler(item: int) -> None:
        raise OurError("\u00e9" * 5000)

    with shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(OurError):
            database.notify(1)


def test_an_exception_without_text_comes_back(store: shop.Module) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise KeyError

    def handler(item: int) -> None:
        raise Mute

    with shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(Mute):
            database.notify(1)


def test_an_interrupt_comes_back(store: shop.Module) -> None:
    def handler(item: int) -> None:
        raise KeyboardInterrupt

    with shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(KeyboardInterrupt):
            database.notify(1)


def test_an_error_of_the_interface_keeps_its_status(store: shop.Module) -> None:
    def handler(item: int) -> None:
        shop.fail(store)

    with shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(shop.SoldOut, match="as it should"):
            database.notify(1)
        last = tallystick.last_error()
        assert last is not None and last.status == shop.SoldOut.status


def test_a_caught_exception_is_reported(store: shop.Module) -> None:
    def handler(item: int) -> None:
        raise OurError(item)

    with reported() as unraisable, shop.Database(store) as database:
        database.on_notice(handler)
        assert database.notify_and_catch(1)
        assert [each.args for each in unraisable] == [(1,)]
        database.notify_and_catch(2)
        assert [each.args for each in unraisable] == [(1,), (2,)]


def test_a_translated_exception_is_the_cause(store: shop.Module) -> None:
    error = OurError("first")

    def handler(item: int) -> None:
        raise error

    with reported() as unraisable, shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(shop.SoldOut, match="translated") as caught:
            database.notify_and_translate(1)
        assert caught.value.__cause__ is error
    assert not unraisable


def test_exceptions_pass_through_nested_calls(store: shop.Module) -> None:
    error = OurError("innermost")

    def inner(item: int) -> None:
        raise error

    with reported() as unraisable, shop.Database(store) as one, shop.Database(store) as two:
        one.on_notice(lambda item: two.notify(item))
        two.on_notice(inner)
        with pytest.raises(OurError) as caught:
            one.notify(1)
        assert caught.value is error
        one.on_notice(lambda item: None if two.notify_and_catch(item) else None)
        one.notify(1)
    assert unraisable == [error]


def test_an_exception_that_python_handles_is_gone(store: shop.Module) -> None:
    def inner(item: int) -> None:
        raise OurError

    def outer(item: int) -> None:
        with pytest.raises(OurError):
            two.notify(item)

    with reported() as unraisable, shop.Database(store) as one, shop.Database(store) as two:
        one.on_notice(outer)
        two.on_notice(inner)
        one.notify(1)
    assert not unraisable


def test_a_failure_of_a_destructors_callback_is_reported(store: shop.Module) -> None:
    def handler(item: int) -> None:
        raise OurError(item)

    with reported() as unraisable:
        database = shop.Database(store)
        database.on_end(handler)
        database.close()
        assert database.closed
    assert [each.args for each in unraisable] == [(-1,)]


def test_what_a_callback_ends_is_no_part_of_the_call(store: shop.Module) -> None:
    def at_end(item: int) -> None:
        raise OurError(item)

    with reported() as unraisable, shop.Database(store) as database:
        other = shop.Database(store)
        other.on_end(at_end)
        database.on_notice(lambda item: other.close())
        with pytest.raises(shop.SoldOut, match="all the same") as caught:
            database.notify_and_refuse(1)
        assert caught.value.__cause__ is None
        assert [each.args for each in unraisable] == [(-1,)]


# ---- who keeps what ----


def test_a_callback_is_kept_until_it_is_released(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    with shop.Database(store) as database:
        database.on_notice(listener)
        heard = listener.heard
        del listener
        gc.collect()
        database.notify(1)
        assert heard == [1]
        database.forget()
        assert watch() is None
        database.notify(2)
        assert heard == [1]


def test_the_end_of_the_owner_releases(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    database = shop.Database(store)
    database.on_notice(listener)
    del listener
    assert watch() is not None
    database.close()
    assert watch() is None


def test_a_callback_for_one_call_is_released_with_it(store: shop.Module) -> None:
    class Review:
        def __call__(self, *arguments: object) -> shop.Verdict:
            return shop.Verdict.MORE

    with shop.Database(store) as database:
        review = Review()
        watch = weakref.ref(review)
        database.review(b"abc", review)
        assert not any(isinstance(each, Review) for each in gc.get_referents(database))
        assert gc.get_referents(database) == [shop.Database]
        del review
        assert watch() is None


def test_a_refused_callback_is_dropped_once(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    with shop.Database(store) as database:
        for _ in range(3):
            with pytest.raises(shop.SoldOut):
                database.refuse_notice(listener)
        with pytest.raises(tallystick.ClosedError):
            closed = shop.Database(store)
            closed.close()
            closed.on_notice(listener)
        del listener
        assert watch() is None


def test_a_callback_that_is_released_during_its_call_is_kept_for_it(store: shop.Module) -> None:
    watched: list[weakref.ref[Listener]] = []

    class Once(Listener):
        def __call__(self, item: int) -> None:
            database.forget()
            gc.collect()
            super().__call__(item)
            watched.append(weakref.ref(self))

    with shop.Database(store) as database:
        database.on_notice(Once())
        database.notify(3)
        assert watched[0]() is None


def collected(make: Callable[[Listener], object]) -> bool:
    """Whether a cycle through a listener is collected."""
    listener = Listener()
    watch = weakref.ref(listener)
    listener.database = make(listener)  # type: ignore[assignment]
    del listener
    with pytest.warns(ResourceWarning) as caught:
        gc.collect()
    assert len(caught) == 1
    return watch() is None


def test_a_cycle_through_a_callback_is_collected(store: shop.Module) -> None:
    def make(listener: Listener) -> object:
        database = shop.Database(store)
        database.on_notice(listener)
        return database

    assert collected(make)


def test_a_cycle_through_what_a_callback_made_is_collected(store: shop.Module) -> None:
    assert collected(lambda listener: shop.Subscription(store, listener))


def test_a_cycle_is_collected_after_a_transfer(store: shop.Module) -> None:
    def make(listener: Listener) -> object:
        bundle = shop.Bundle(store)
        bundle.put(shop.Subscription(store, listener))
        return bundle

    assert collected(make)


def test_nothing_is_collected_while_it_can_be_reached(store: shop.Module) -> None:
    listener = Listener()
    with shop.Database(store) as database:
        listener.database = database
        database.on_notice(listener)
        heard = listener.heard
        del listener
        for _ in range(3):
            gc.collect()
        database.notify(1)
        assert heard == [1]
        assert gc.is_tracked(database)
        assert gc.get_referents(database).count(database) == 0
        assert sum(isinstance(each, Listener) for each in gc.get_referents(database)) == 1


def test_a_callback_through_a_reference_is_just_held(store: shop.Module) -> None:
    listener = Listener()
    with shop.Database(store) as database:
        database.ref().on_notice(listener)
        assert not any(isinstance(each, Listener) for each in gc.get_referents(database))
        watch = weakref.ref(listener)
        del listener
        gc.collect()
        assert watch() is not None
    assert watch() is None


def test_a_callback_of_the_module_is_just_held(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    shop.keep(store, listener)
    del listener
    gc.collect()
    assert watch() is not None
    shop.forget(store)
    assert watch() is None


def test_a_callback_that_the_owner_left_behind_lives(store: shop.Module) -> None:
    """The subscription has the callback when its Python owner, which reported it, ends."""
    listener = Listener()
    subscription = shop.Subscription(store, listener)
    with shop.Bundle(store) as bundle:
        reference = subscription.ref()
        listener.database = subscription
        bundle.ref().put(subscription)
        heard = listener.heard
        del listener, subscription
        gc.collect()
        reference.fire(4)
        bundle.fire(5)
        assert heard == [4, 5]


def test_what_a_deferred_end_has_not_released_lives(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    database = shop.Database(store)
    database.on_notice(listener)
    listener.database = database
    note = database.write_note("abc")
    database.close()
    del listener, database
    gc.collect()
    assert watch() is not None
    note.close()
    gc.collect()
    assert watch() is None


# ---- threads ----


def test_other_threads_run_while_a_callback_waits(store: shop.Module) -> None:
    def wait(done: int, label: str) -> bool:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join(10)
        return not thread.is_alive()

    assert shop.count_to(store, 2, wait) == 2


def test_a_callback_comes_on_another_thread(store: shop.Module) -> None:
    seen = []
    with shop.Database(store) as database:
        database.on_notice(lambda item: seen.append((item, threading.get_ident())))
        database.notify_elsewhere(3)
    assert seen[0][0] == 3 and seen[0][1] != threading.get_ident()


def test_an_exception_on_another_thread_is_reported(store: shop.Module) -> None:
    def handler(item: int) -> None:
        raise OurError("elsewhere")

    with reported() as unraisable, shop.Database(store) as database:
        database.on_notice(handler)
        with pytest.raises(tallystick.ProviderError, match="OurError: elsewhere"):
            database.notify_elsewhere(1)
        assert [type(each) for each in unraisable] == [OurError]


def test_an_owner_collected_on_another_thread_releases_there_or_later(store: shop.Module) -> None:
    listener = Listener()
    watch = weakref.ref(listener)
    database = shop.Database(store)
    database.on_notice(listener)
    held = [database]
    del listener, database
    with pytest.warns(ResourceWarning):
        thread = threading.Thread(target=held.clear)
        thread.start()
        thread.join()
    tallystick.collect()
    assert watch() is None


# ---- the end of the process ----

Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "import sys; sys.exit(0)",
        "sys_keep = [database, store]; sys_keep.append(sys_keep)",
        "import builtins; builtins.kept = (database, store)",
        "shop.keep(store, handler)",
        "import atexit; atexit.register(database.notify, 1)",
        "import os; os._exit(0)",
    ],
)
def test_the_end_of_the_process_is_quiet(shop_script: Script, ending: str) -> None:
    ended = shop_script(
        "database = shop.Database(store)\n"
        "def handler(item): print(item, database.closed)\n"
        "database.on_notice(handler)\n" + ending + "\n"
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr and "Fatal" not in ended.stderr


def test_daemon_threads_in_callbacks_do_not_crash_the_end(shop_script: Script) -> None:
    """Turns are so short that some thread always waits for the GIL inside a callback when the interpreter ends."""
    ended = shop_script(
        "import sys, threading, time\n"
        "sys.setswitchinterval(1e-5)\n"
        "def each(done, label):\n"
        "    for _ in range(100): pass\n"
        "    return True\n"
        "for _ in range(8):\n"
        "    threading.Thread(target=lambda: shop.count_to(store, 2**60, each), daemon=True).start()\n"
        "class Slow:\n"
        "    def __del__(self, sleep=time.sleep): sleep(0.3)\n"
        "slow = Slow()\n"
        "time.sleep(0.1)\n"
    )
    assert ended.returncode == 0, ended.stderr
    assert "Fatal" not in ended.stderr


def test_a_forked_child_leaves_callbacks_alone(shop_script: Script) -> None:
    ended = shop_script(
        "import gc, os\n"
        "database = shop.Database(store)\n"
        "seen = []\n"
        "database.on_notice(seen.append)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    del database\n"
        "    gc.collect()\n"
        "    os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "database.notify(1)\n"
        "assert seen == [1]\n"
        "database.close()\n"
    )
    assert ended.returncode == 0, ended.stderr
