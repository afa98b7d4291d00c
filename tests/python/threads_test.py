"""Threads: confined objects on foreign ones, the GIL while the author's code works, and unload under a call."""

from __future__ import annotations

import gc
import os
import random
import sys
import threading
import time
import zlib as python_zlib
from collections.abc import Callable

import codec
import conformance
import pytest
import tallystick


def on_another_thread(task: Callable[[], object]) -> None:
    thread = threading.Thread(target=task)
    thread.start()
    thread.join()


def test_a_call_from_another_thread_is_wrong_thread(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter:
        raised: list[BaseException] = []

        def call() -> None:
            try:
                counter.value()
            except tallystick.WrongThreadError as error:
                raised.append(error)

        on_another_thread(call)
        assert len(raised) == 1


def test_closed_on_another_thread_it_is_destroyed_by_its_own(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    on_another_thread(counter.close)
    assert counter.closed
    assert [each.deferred for each in tallystick.live("conformance_one")] == [True]
    assert tallystick.collect() == 1


LONG = 3600.0  # seconds: a test that takes them fails


def test_waiting_ends_when_the_other_thread_has_run_the_destructor(one: conformance.Module) -> None:
    is_made = threading.Event()
    may_collect = threading.Event()
    made: list[conformance.Counter] = []

    def own() -> None:
        made.append(conformance.Counter(one))
        is_made.set()
        may_collect.wait()
        tallystick.collect()

    owner = threading.Thread(target=own)
    owner.start()
    is_made.wait()
    made[0].close()
    assert tallystick.wait(0.001) == 1
    may_collect.set()
    assert tallystick.wait(LONG, "conformance_one") == 0
    owner.join()


def test_waiting_ends_at_once_for_what_only_this_thread_can_end(one: conformance.Module) -> None:
    page = conformance.Page(one)
    view = page.text()
    page.close()
    assert tallystick.wait(LONG) == 1
    view.close()
    assert tallystick.wait(LONG) == 0


def test_waiting_ends_at_once_inside_a_call(one: conformance.Module) -> None:
    pool = conformance.Pool(one)
    found: list[int] = []

    def during(_: int) -> int:
        pool.close()
        found.append(tallystick.wait(LONG))
        return 0

    pool.visit(during)
    assert found == [1]
    assert tallystick.wait(0) == 0


def test_a_time_to_wait_is_a_number_of_seconds(one: conformance.Module) -> None:
    for wrong in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="'timeout' must be a number of seconds, 0 or more"):
            tallystick.wait(wrong)
    assert tallystick.wait(float("inf")) == 0


def test_finalised_on_another_thread_it_is_destroyed_by_its_own(one: conformance.Module) -> None:
    holder = [conformance.Counter(one)]
    with pytest.warns(ResourceWarning):
        on_another_thread(holder.clear)
    assert [each.deferred for each in tallystick.live("conformance_one")] == [True]
    assert tallystick.collect() == 1


def test_collected_on_another_thread_it_is_destroyed_by_its_own(one: conformance.Module) -> None:
    holder: list[object] = [conformance.Counter(one)]
    holder.append(holder)
    del holder
    with pytest.warns(ResourceWarning):
        on_another_thread(gc.collect)
    assert tallystick.collect() == 1


def test_an_object_of_a_thread_that_ended_is_destroyed_all_the_same(one: conformance.Module) -> None:
    made: list[conformance.Counter] = []
    on_another_thread(lambda: made.append(conformance.Counter(one)))
    made.pop().close()
    # join() returns a little before the system's thread has ended; until then the destroy is deferred to it.
    deadline = time.monotonic() + 10
    while tallystick.live("conformance_one") and time.monotonic() < deadline:
        tallystick.collect()
    assert not tallystick.live("conformance_one")


def counted_during(task: Callable[[], object]) -> int:
    """How far another thread counts while `task` runs. Nobody is made to give the GIL up, so with it held that thread
    counts once at most."""
    counted = [0]
    stop = threading.Event()

    def count() -> None:
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0)

    counting = threading.Thread(target=count)
    interval = sys.getswitchinterval()
    counting.start()
    sys.setswitchinterval(1000)
    try:
        before = counted[0]
        task()
        return counted[0] - before
    finally:
        sys.setswitchinterval(interval)
        stop.set()
        counting.join()


def test_the_gil_is_released_while_bytes_are_packed(zlib: codec.Module) -> None:
    chunk = bytes(range(256)) * 40_000
    with codec.Encoder(zlib, level=9) as encoder:
        counted = counted_during(lambda: encoder.write(chunk))  # the blob is freed by the way, with the GIL
    assert counted > 20


def test_the_gil_is_released_while_bytes_are_unpacked(zlib: codec.Module) -> None:
    """The blobs are kept: closing one releases the GIL, too."""
    half = bytes(random.Random(1).choices(range(16), k=1_000_000))  # it packs to half: work for the decoder
    with codec.Encoder(zlib, level=1) as encoder:
        packed = b"".join(bytes(encoder.write(half)) for _ in range(30)) + bytes(encoder.finish())
    blobs: list[tallystick.Blob] = []
    with codec.Decoder(zlib) as decoder:

        def unpack() -> None:
            blobs.append(decoder.write(packed))
            while blobs[-1]:
                blobs.append(decoder.read())

        counted = counted_during(unpack)
        decoder.finish()
    sizes = [len(blob) for blob in blobs]
    blobs.clear()
    assert sum(sizes) == 30 * len(half)
    assert counted > len(sizes)


def test_the_gil_is_released_while_a_destructor_runs(one: conformance.Module) -> None:
    basket = conformance.Basket(one)
    for _ in range(400_000):
        basket.put(conformance.Counter(one))
    assert counted_during(basket.close) > 1


def test_unload_is_refused_under_a_call(zlib: codec.Module) -> None:
    started = threading.Event()
    refused: list[tallystick.Error] = []

    def pack() -> None:
        with codec.Encoder(zlib, level=9) as encoder:
            started.set()
            encoder.write(python_zlib.compress(bytes(30_000_000), 0)).close()

    packing = threading.Thread(target=pack)
    packing.start()
    started.wait()
    try:
        zlib.unload()
    except tallystick.HasChildrenError as error:
        refused.append(error)
    packing.join()
    assert refused


def test_unload_is_refused_under_a_call_whose_object_is_closed(zlib: codec.Module) -> None:
    """Its destructor waits for the call to leave; until then nothing of the module may go."""
    encoders: list[codec.Encoder] = []
    started = threading.Event()

    def pack() -> None:
        encoders.append(codec.Encoder(zlib, level=9))
        chunk = os.urandom(20_000_000)
        started.set()
        encoders[0].write(chunk).close()

    packing = threading.Thread(target=pack)
    packing.start()
    started.wait()
    time.sleep(0.05)
    encoders[0].close()
    with pytest.raises(tallystick.HasChildrenError, match="1 running call"):
        zlib.unload()
    packing.join()


def test_two_threads_close_one_object_once(one: conformance.Module) -> None:
    for _ in range(200):
        counter = conformance.Counter(one)
        threads = [threading.Thread(target=counter.close) for _ in range(2)]
        for thread in threads:
            thread.start()
        counter.close()
        for thread in threads:
            thread.join()
        tallystick.collect()
    assert not tallystick.live("conformance_one")
