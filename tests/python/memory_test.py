"""Memory that is given: a blob goes as it is, anything else is copied once."""

from __future__ import annotations

import ctypes

import conformance
import pytest
import shop
import tallystick


def address(blob: tallystick.Blob) -> int:
    with memoryview(blob) as memory:
        return ctypes.addressof((ctypes.c_char * 0).from_buffer(memory))


def test_bytes_and_text_are_copied_into_the_module(store: shop.Module) -> None:
    with shop.Chest(store) as chest:
        for given in (b"abc", bytearray(b"abc"), memoryview(b"xabcx")[1:4]):
            assert chest.put(given) == 3
            with chest.take() as taken:
                assert bytes(taken) == b"abc"
        assert chest.put_text("gr\u00f6\u00dfer") == 8
        with chest.take() as taken:
            assert bytes(taken).decode() == "gr\u00f6\u00dfer"
        assert chest.put(b"") == 0


def test_a_blob_is_given_as_it_is(store: shop.Module) -> None:
    with shop.Chest(store) as chest:
        blob = shop.allocate(store, 3)
        with memoryview(blob) as memory:
            memory[:] = b"abc"
        where = address(blob)
        assert chest.put(blob) == 3
        assert blob.closed
        assert chest.address() == where
        with pytest.raises(tallystick.ClosedError):
            chest.put(blob)


def test_a_blob_stays_open_if_the_call_fails(store: shop.Module) -> None:
    with shop.Chest(store) as chest, shop.allocate(store, 3, zeroed=True) as blob:
        with pytest.raises(TypeError):
            chest.put(blob, fails=1)  # type: ignore[arg-type]
        assert bytes(blob) == b"\0\0\0"
        chest.put(blob)


def test_a_blob_with_an_open_buffer_can_not_be_given(store: shop.Module) -> None:
    with shop.Chest(store) as chest, shop.allocate(store, 3) as blob:
        memory = memoryview(blob)
        with pytest.raises(BufferError, match="can't be given away"):
            chest.put(blob)
        memory.release()
        chest.put(blob)


def test_a_blob_that_was_given_says_so(store: shop.Module) -> None:
    with shop.Chest(store) as chest:
        blob = shop.allocate(store, 3)
        chest.put(blob)
        with pytest.raises(tallystick.ClosedError, match="it was given away$"):
            chest.put(blob)


def test_a_blob_is_not_given_twice_by_one_call(one: conformance.Module) -> None:
    with conformance.Vat(one) as vat, conformance.allocate(one, 2, zeroed=True) as blob:
        with pytest.raises(tallystick.NotOwnerError, match="already given, by another argument"):
            vat.fill_both(blob, blob)
        assert bytes(blob) == b"\0\0"
        vat.fill(blob)
        assert blob.closed


def test_a_blob_that_a_call_returned_can_be_given(store: shop.Module) -> None:
    with shop.Chest(store) as chest, shop.Chest(store) as other:
        chest.put(b"abc")
        blob = chest.take()
        where = address(blob)
        other.put(blob)
        assert blob.closed and other.address() == where


def test_a_blob_grows_with_zeros_and_shrinks(store: shop.Module) -> None:
    with shop.allocate(store, 3) as blob:
        with memoryview(blob) as memory:
            memory[:] = b"abc"
        blob.resize(100_000)
        assert len(blob) == 100_000 and bytes(blob) == b"abc" + bytes(99_997)
        with memoryview(blob) as memory:
            assert memory.nbytes == 100_000
            memory[-1] = 7
        blob.resize(2)
        assert bytes(blob) == b"ab"
        blob.resize(0)
        assert len(blob) == 0
        blob.resize(2)
        assert bytes(blob) == bytes(2)


def test_what_a_blob_shrank_by_is_not_seen_again(store: shop.Module) -> None:
    with shop.allocate(store, 1000) as blob:
        with memoryview(blob) as memory:
            memory[:] = b"x" * 1000
        blob.resize(10)
        blob.resize(1000)
        assert bytes(blob) == b"x" * 10 + bytes(990)


def test_a_resized_blob_keeps_its_alignment_and_can_be_given(store: shop.Module) -> None:
    with shop.Chest(store) as chest, shop.allocate(store, 3, alignment=1024, zeroed=True) as blob:
        blob.resize(5000)
        where = address(blob)
        assert where % 1024 == 0
        assert chest.put(blob) == 5000 and chest.address() == where
        with pytest.raises(tallystick.ClosedError, match="resize"):
            blob.resize(1)


def test_a_blob_is_not_resized_under_a_buffer(store: shop.Module) -> None:
    with shop.allocate(store, 3, zeroed=True) as blob:
        memory = memoryview(blob)
        for size in (1, 3, 1000):
            with pytest.raises(BufferError, match="can't be resized: 1 buffer of it, as a memoryview, is open"):
                blob.resize(size)
        assert len(blob) == 3 and memory == bytes(3)
        memory.release()
        blob.resize(4)
        assert len(blob) == 4


def test_a_blob_that_can_not_be_resized_is_as_it_was(store: shop.Module) -> None:
    with shop.Chest(store) as chest:
        chest.put(b"abc")
        with chest.take() as taken:
            with pytest.raises(tallystick.NotSupportedError):
                taken.resize(5)
            assert bytes(taken) == b"abc"
    with shop.allocate(store, 3, zeroed=True) as blob:
        with pytest.raises(tallystick.OutOfMemoryError):
            blob.resize(2**62)
        for size, refused in ((-1, OverflowError), (2**64, OverflowError), (1.0, TypeError), ("1", TypeError)):
            with pytest.raises(refused):
                blob.resize(size)  # type: ignore[arg-type]
        assert bytes(blob) == bytes(3)


def test_the_ledger_says_what_is_held(store: shop.Module) -> None:
    def held() -> dict[str, int]:
        return {row.class_name: row.bytes for row in tallystick.ledger("shop_module")}

    with shop.Image(store, 3) as image:
        one = held()["shop.image"]
        assert one >= 4
        with image.retain(), shop.Image(store, 4):
            assert held()["shop.image"] == 2 * one
    with shop.allocate(store, 1000), shop.Database(store) as database, database.write_note("abc") as note:
        with note.text():
            assert held()["blob"] == 1000 and held()["view"] == 0
    with shop.allocate(store, 10) as blob:
        blob.resize(300)
        assert held()["blob"] == 300
    assert not any(held().values())


def test_text_in_a_blob_must_be_utf8(store: shop.Module) -> None:
    with shop.Chest(store) as chest, shop.allocate(store, 1) as blob:
        with memoryview(blob) as memory:
            memory[0] = 0xFF
        with pytest.raises(tallystick.NotUtf8Error):
            chest.put_text(blob)
        assert not blob.closed


def test_what_is_given_is_checked(store: shop.Module) -> None:
    with shop.Chest(store) as chest:
        with pytest.raises(TypeError, match=r"put\(\) argument 'data' must be bytes-like, not str"):
            chest.put("abc")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"put_text\(\) argument 'text' must be str, not bytes"):
            chest.put_text(b"abc")  # type: ignore[arg-type]


def test_memory_is_allocated_as_asked(store: shop.Module) -> None:
    with shop.allocate(store, 100, alignment=4096, zeroed=True) as blob:
        assert len(blob) == 100 and bytes(blob) == bytes(100)
        assert address(blob) % 4096 == 0
    with shop.allocate(store, 0) as blob:
        assert len(blob) == 0
    with pytest.raises(tallystick.InvalidArgumentError):
        shop.allocate(store, 1, alignment=3)
    with pytest.raises(TypeError, match="2 positional"):
        shop.allocate(store, 1, 8)  # type: ignore[misc]
    with pytest.raises(TypeError, match="missing required argument 'size'"):
        shop.allocate(store)  # type: ignore[call-arg]
    with pytest.raises(OverflowError):
        shop.allocate(store, -1)
    with pytest.raises(tallystick.OutOfMemoryError):
        shop.allocate(store, 2**62)
