"""Views: memory inside an object, readable and never copied, as long as the view is open."""

from __future__ import annotations

import copy
import ctypes
import pickle
import threading

import pytest
import shop
import tallystick


def address(of: memoryview) -> int:
    """Where the memory is; it need not be writable."""
    buffer = (ctypes.c_char * 0).from_buffer(of) if not of.readonly else None
    if buffer is not None:
        return ctypes.addressof(buffer)
    view = ctypes.py_object(of)
    raw = (ctypes.c_void_p * 11)()
    assert ctypes.pythonapi.PyObject_GetBuffer(view, ctypes.byref(raw), 0) == 0
    where = raw[0]
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(raw))
    return where or 0


def test_a_view_is_a_read_only_buffer(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note, note.data() as view:
        assert isinstance(view, tallystick.View)
        assert len(view) == 3
        with memoryview(view) as memory:
            assert memory == b"abc"
            assert memory.readonly
            with pytest.raises(TypeError):
                memory[0] = 1
        assert view.tobytes() == bytes(view) == b"abc"


def test_a_view_copies_nothing(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc" * 20) as note:
        with note.data() as first, note.data() as second, memoryview(first) as a, memoryview(second) as b:
            assert address(a) == address(b) != 0


def test_text_is_a_str(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("größer") as note:
        with note.text() as view:
            assert str(view) == view.text() == "größer"
            assert repr(view) == "<tallystick.View of 8 bytes of text>"
        with note.data() as view:
            assert view.text() == "größer"
            assert str(view) == repr(view) == "<tallystick.View of 8 bytes>"


def test_an_empty_view_is_readable(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("") as note, note.text() as view:
        assert str(view) == "" and bytes(view) == b""
        with memoryview(view) as memory:
            assert memory.nbytes == 0


def test_close_is_refused_while_a_buffer_is_open(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note:
        view = note.data()
        memory = memoryview(view)
        with pytest.raises(BufferError, match="1 buffer"):
            view.close()
        assert memory == b"abc"
        memory.release()
        view.close()
        view.close()
        assert view.closed
        for read in (len, bytes, memoryview, tallystick.View.text):
            with pytest.raises(tallystick.ClosedError):
                read(view)


def test_what_would_change_the_memory_is_refused(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note:
        with note.text() as view:
            with pytest.raises(tallystick.BorrowedError):
                note.set_text("def")
            with pytest.raises(tallystick.BorrowedError):
                note.try_close()
            assert str(view) == "abc" and not note.closed
        note.set_text("def")
        note.try_close()


def test_a_view_outlives_its_closed_object(store: shop.Module) -> None:
    with shop.Database(store) as database:
        note = database.write_note("abc")
        view = note.text()
        note.close()
        assert str(view) == "abc"
        view.close()
        database.try_close()


def test_a_view_that_nobody_holds_is_closed(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note:
        note.text()
        note.set_text("def")


def test_a_view_dropped_on_another_thread_is_closed_by_its_own(store: shop.Module) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note:
        held = [note.text()]
        thread = threading.Thread(target=held.clear)
        thread.start()
        thread.join()
        tallystick.collect()
        note.set_text("def")


def test_a_module_stays_while_a_view_is_open(store: shop.Module) -> None:
    with shop.Database(store) as database:
        note = database.write_note("abc")
        view = note.text()
        note.close()
    with pytest.raises(tallystick.HasChildrenError):
        store.unload()
    assert str(view) == "abc"
    view.close()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_view_is_not_copied(store: shop.Module, duplicate: object) -> None:
    with shop.Database(store) as database, database.write_note("abc") as note, note.text() as view:
        with pytest.raises(TypeError, match="cannot pickle or copy"):
            duplicate(view)  # type: ignore[operator]
    with pytest.raises(TypeError):
        tallystick.View()
