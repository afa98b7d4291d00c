"""Children: what becomes of them when their parent ends, and who keeps what alive."""

from __future__ import annotations

import gc

import pytest
import shop
import tallystick
from conftest import FILES, reported


def test_a_kept_child_works_on_after_its_parent_was_closed(store: shop.Module) -> None:
    database = shop.Database(store)
    note = database.write_note("abc")
    database.close()
    assert database.closed
    assert note.size() == 3
    note.close()


def test_a_kept_child_needs_no_python_parent(store: shop.Module) -> None:
    with pytest.warns(ResourceWarning, match=r"shop\.Database"):
        note = shop.Database(store).write_note("abc")
        gc.collect()
    assert note.size() == 3
    note.close()


def test_try_close_names_the_children_and_leaves_it_open(store: shop.Module) -> None:
    database = shop.Database(store)
    note = database.write_note("abc")
    with pytest.raises(tallystick.HasChildrenError, match="note"):
        database.try_close()
    assert not database.closed
    database.write_note("def").close()
    note.close()
    database.try_close()
    assert database.closed
    database.try_close()


def test_try_close_of_a_reference_closes_the_reference(store: shop.Module) -> None:
    with shop.Database(store) as database:
        reference = database.ref()
        reference.try_close()
        assert reference.closed and not database.closed


def test_a_child_goes_with_a_parent_that_cascades(store: shop.Module) -> None:
    database = shop.Database(store)
    cursor = database.open_cursor()
    assert cursor.position() == 7
    database.close()
    with pytest.raises(tallystick.GoneWithParentError):
        cursor.position()
    cursor.close()
    assert cursor.closed
    with pytest.raises(tallystick.ClosedError):
        cursor.position()


def test_a_child_that_has_gone_is_finalised_without_an_error(store: shop.Module) -> None:
    database = shop.Database(store)
    cursor = database.open_cursor()
    database.close()
    with reported() as unraisable, pytest.warns(ResourceWarning):
        del cursor
        gc.collect()
    assert not unraisable


def test_no_child_is_made_of_a_closed_parent(store: shop.Module) -> None:
    database = shop.Database(store)
    reference = database.ref()
    note = database.write_note("abc")
    database.close()
    with pytest.raises(tallystick.StaleHandleError):
        reference.write_note("def")
    note.close()


def test_unload_closes_children_that_have_gone() -> None:
    module = shop.Module.load(FILES["shop"])
    database = shop.Database(module)
    cursors = [database.open_cursor() for _ in range(3)]
    cursors.pop(1).close()
    with pytest.raises(tallystick.HasChildrenError, match="1 shop.database .*, 2 shop.cursor"):
        module.unload()
    database.close()
    with shop.Image(module, 3), pytest.raises(tallystick.HasChildrenError, match="1 shop.image"):
        module.unload()
    assert not cursors[0].closed, "what is refused changes nothing"
    module.unload()
    assert module.closed and all(cursor.closed for cursor in cursors)
    with pytest.raises(tallystick.ClosedError, match="it ended with its parent"):
        cursors[0].position()
