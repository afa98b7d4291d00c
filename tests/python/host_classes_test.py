"""Classes that the host implements: any Python object with the methods."""

from __future__ import annotations

import gc
import weakref

import pytest
import shop
import tallystick


class Sink:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.owner: object = None
        self.module: shop.Module | None = None

    def write(self, chunk: bytes) -> int:
        self.chunks.append(chunk)
        return len(chunk)

    def name(self) -> str:
        return "größer"

    def read(self, size: int) -> bytes | tallystick.Blob:
        return bytes(size)


def test_the_module_calls_the_implementation(store: shop.Module) -> None:
    sink = Sink()
    with shop.Database(store) as database, shop.Sink(store, sink) as given:
        assert database.log_to(given, b"abc") == 3
        assert database.name_of(given) == "größer"
        assert database.size_of(given, 7) == 7
        assert database.size_of(given, 0) == 0
    assert sink.chunks == [b"abc"]


def test_python_calls_it_through_the_module(store: shop.Module) -> None:
    sink = Sink()
    with shop.Sink(store, sink) as given:
        assert given.write(b"abc") == 3
        assert given.name() == "größer"
        with given.read(3) as blob:
            assert bytes(blob) == b"\0\0\0"
        assert given.ref().write(b"def") == 3
    assert sink.chunks == [b"abc", b"def"]


def test_a_blob_is_given_in_a_result(store: shop.Module) -> None:
    made: list[tallystick.Blob] = []

    class Allocating(Sink):
        def read(self, size: int) -> tallystick.Blob:
            made.append(shop.allocate(store, size, zeroed=True))
            return made[-1]

    with shop.Sink(store, Allocating()) as given:
        with given.read(3) as blob:
            assert bytes(blob) == b"\0\0\0"
        assert made[0].closed


def test_an_implementation_must_have_the_methods(store: shop.Module) -> None:
    class Half:
        def write(self, chunk: bytes) -> int:
            return 0

    for implementation, missing in ((Half(), "name"), (None, "write"), (7, "write")):
        with pytest.raises(TypeError, match=f"must implement the method '{missing}'"):
            shop.Sink(store, implementation)  # type: ignore[arg-type]


def test_an_implementation_is_an_instance(store: shop.Module) -> None:
    with pytest.raises(TypeError, match=r"not the class 'Sink': pass an instance, Sink\(\)"):
        shop.Sink(store, Sink)  # type: ignore[arg-type]


def test_an_exception_comes_back_unchanged(store: shop.Module) -> None:
    error = KeyError("full")

    class Full(Sink):
        def write(self, chunk: bytes) -> int:
            raise error

    with shop.Database(store) as database, shop.Sink(store, Full()) as given:
        for call in (lambda: given.write(b"abc"), lambda: database.log_to(given, b"abc")):
            with pytest.raises(KeyError) as caught:
                call()
            assert caught.value is error


@pytest.mark.parametrize(
    ("name", "returned", "raised", "text"),
    [
        ("write", "3", TypeError, r"Sink\.write\(\) must return int, not str"),
        ("write", -1, OverflowError, r"Sink\.write\(\) must return a number from 0 to"),
        ("name", b"abc", TypeError, r"Sink\.name\(\) must return str, not bytes"),
        ("name", "\ud800", tallystick.NotUtf8Error, "its result has a lone surrogate"),
        ("read", "abc", TypeError, r"Sink\.read\(\) must return bytes-like, not str"),
    ],
)
def test_a_wrong_result_is_named(
    store: shop.Module, name: str, returned: object, raised: type[Exception], text: str
) -> None:
    sink = Sink()
    setattr(sink, name, lambda *_: returned)
    with shop.Sink(store, sink) as given, pytest.raises(raised, match=text):
        {"write": lambda: given.write(b""), "name": given.name, "read": lambda: given.read(1)}[name]()


def test_the_module_keeps_the_implementation(store: shop.Module) -> None:
    sink = Sink()
    watch = weakref.ref(sink)
    chunks = sink.chunks
    with shop.Database(store) as database:
        given = shop.Sink(store, sink)
        del sink
        database.attach(given)
        assert given.closed
        gc.collect()
        assert database.log(b"abc") == 3
        assert chunks == [b"abc"]
    assert watch() is None


def test_an_implementation_comes_back(store: shop.Module) -> None:
    sink = Sink()
    watch = weakref.ref(sink)
    with shop.Database(store) as database:
        database.attach(shop.Sink(store, sink))
        back = database.give_back()
        assert database.log(b"abc") == 0
        assert back.write(b"def") == 3
        del sink
        gc.collect()
        assert watch() is not None
        back.close()
        assert watch() is None


def test_closing_lets_go_of_the_implementation(store: shop.Module) -> None:
    sink = Sink()
    watch = weakref.ref(sink)
    given = shop.Sink(store, sink)
    del sink
    given.close()
    assert watch() is None


def test_cycles_through_an_implementation_are_collected(store: shop.Module) -> None:
    for attached in (False, True):
        sink = Sink()
        watch = weakref.ref(sink)
        sink.owner = shop.Sink(store, sink)
        if attached:
            database = shop.Database(store)
            database.attach(sink.owner)  # type: ignore[arg-type]
            sink.owner = database
            del database
        del sink
        with pytest.warns(ResourceWarning) as caught:
            gc.collect()
        assert len(caught) == 1
        assert watch() is None


def test_methods_are_looked_up_when_they_are_called(store: shop.Module) -> None:
    sink = Sink()
    with shop.Sink(store, sink) as given:
        sink.write = lambda chunk: 9  # type: ignore[method-assign]
        assert given.write(b"abc") == 9
        sink.write = None  # type: ignore[method-assign, assignment]
        with pytest.raises(TypeError, match="not callable"):
            given.write(b"abc")
