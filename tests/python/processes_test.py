"""What happens at the end of an interpreter, in a forked child, and when warnings are errors."""

from __future__ import annotations

import pytest
from conftest import Script


def test_a_warning_that_is_an_error_is_told_and_the_object_given_back(script: Script) -> None:
    result = script(
        "conformance.Counter(module)\nassert not tallystick.live()\nprint('went on')\n", "-W", "error::ResourceWarning"
    )
    assert result.returncode == 0
    assert result.stdout == "went on\n"
    assert "Exception ignored in" in result.stderr
    assert "ResourceWarning: unclosed conformance.Counter created at" in result.stderr
    assert "script.py:3" in result.stderr


def test_an_object_that_is_left_to_the_end_is_given_back(script: Script) -> None:
    result = script("counter = conformance.Counter(module)\n", "-W", "always")
    assert result.returncode == 0
    assert "ResourceWarning: unclosed conformance.Counter created at" in result.stderr
    assert "never given back" not in result.stderr


@pytest.mark.parametrize(
    "keep",
    [
        "import sys; sys.keep = (module, conformance.Counter(module))",
        "import builtins; builtins.keep = (module, conformance.Counter(module))",
        "import conformance as c; c.keep = conformance.Counter(module)",
        "class K: x = conformance.Counter(module)",
        "blob = conformance.Scribe(module).echo_bytes(b'abc'); view = memoryview(blob)",
        "import atexit; c = conformance.Counter(module); atexit.register(lambda: c.value())",
        "l = [conformance.Counter(module)]; l.append(l)",
        "class D:\n  def __del__(self): conformance.Counter(module).close()\nd = D(); d.me = d",
        "import threading; t = threading.Thread(target=lambda: (conformance.Counter(module).close())); t.start()",
    ],
)
def test_no_crash_at_shutdown(script: Script, keep: str) -> None:
    result = script(keep + "\n")
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr


def test_a_daemon_thread_that_comes_back_after_the_end_touches_nothing(script: Script) -> None:
    """The interpreter ends slowly, so that threads come back from their calls meanwhile."""
    result = script(
        "import taker, threading, time\n"
        "def work():\n"
        "    scribe, memory = conformance.Scribe(module), taker.Guarded()\n"
        "    while True: scribe.bytes_size(memory)\n"
        "for _ in range(4): threading.Thread(target=work, daemon=True).start()\n"
        "class Slow:\n"
        "    def __del__(self, sleep=time.sleep): sleep(0.3)\n"
        "slow = Slow()\n"
        "time.sleep(0.1)\n"
    )
    assert result.returncode == 0, result.stderr
    assert "without the GIL" not in result.stderr
    assert "4 x conformance.scribe" in result.stderr, "the threads' own objects are reported, not destroyed"


def test_daemon_threads_that_often_take_turns_touch_nothing_after_the_end(script: Script) -> None:
    """As above, with turns so short that some thread always waits inside a call when the interpreter ends."""
    result = script(
        "import sys, taker, threading, time\n"
        "sys.setswitchinterval(1e-5)\n"
        "def work():\n"
        "    scribe, memory = conformance.Scribe(module), taker.Guarded()\n"
        "    while True: scribe.bytes_size(memory)\n"
        "for _ in range(8): threading.Thread(target=work, daemon=True).start()\n"
        "class Slow:\n"
        "    def __del__(self, sleep=time.sleep): sleep(0.3)\n"
        "slow = Slow()\n"
        "time.sleep(0.1)\n"
    )
    assert result.returncode == 0, result.stderr
    assert "without the GIL" not in result.stderr


def test_a_forked_childs_finalisers_do_nothing(script: Script) -> None:
    result = script(
        "import gc, os, sys, warnings\n"
        "warnings.simplefilter('always')\n"
        "census = conformance.Census(module)\n"
        "scribe = conformance.Scribe(module)\n"
        "counter, blob = conformance.Counter(module), scribe.echo_bytes(b'abc')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    del counter, blob\n"
        "    gc.collect()\n"
        "    figures = {b.class_name: b.live for b in tallystick.ledger()}\n"
        "    ended = census.ended(conformance.Kind.COUNTER)\n"
        "    os._exit(0 if (figures['conformance.counter'], figures['blob'], ended) == (1, 1, 0) else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0\n"
        "for each in (census, scribe, counter, blob): each.close()\n"
    )
    assert result.returncode == 0, result.stderr
    assert "ResourceWarning" not in result.stderr


def test_a_forked_child_may_look_and_close(script: Script) -> None:
    result = script(
        "import os, warnings\n"
        "warnings.simplefilter('always')\n"
        "counter = conformance.Counter(module, start=4)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    assert counter.add() == 5\n"
        "    counter.close()\n"
        "    with conformance.Counter(module) as own: assert own.value() == 0\n"
        "    os._exit(0 if not tallystick.live() else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0\n"
        "assert counter.value() == 4\n"
        "counter.close()\n"
    )
    assert result.returncode == 0, result.stderr


def test_a_forked_child_ends_quietly(script: Script) -> None:
    result = script(
        "import os, sys\n"
        "counter = conformance.Counter(module)\n"
        "if os.fork() == 0: sys.exit(0)\n"
        "os.wait()\n"
        "counter.close()\n",
        "-W",
        "always",
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""


def test_importing_twice_makes_no_second_types(script: Script) -> None:
    result = script(
        "import sys\n"
        "first = conformance.Counter\n"
        "del sys.modules['conformance']\n"
        "import conformance as again\n"
        "assert again.Counter is first\n"
    )
    assert result.returncode == 0, result.stderr
