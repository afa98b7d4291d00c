"""Marks: what has come and gone since; and who owns what."""

from __future__ import annotations

import shop
import tallystick
from tallystick import _core


def test_a_mark_says_what_has_come_and_gone(store: shop.Module) -> None:
    old = shop.Database(store)
    mark = tallystick.mark()
    assert mark.changes() == []
    with shop.Database(store) as new, new.write_note("abc") as note, note.text():
        old.close()
        changes = {(change.class_name, change.came, change.went) for change in mark.changes()}
        assert changes == {("shop.database", 1, 0), ("shop.database", 0, 1), ("shop.note", 1, 0), ("view", 1, 0)} or changes == {
            ("shop.database", 1, 1),
            ("shop.note", 1, 0),
            ("view", 1, 0),
        }
        assert len(mark.handles_that_came()) == 3
    assert [change.came for change in mark.changes()] == [0]


def test_a_mark_of_one_module_knows_no_other(store: shop.Module) -> None:
    mark = tallystick.mark("another")
    with shop.Database(store):
        assert mark.changes() == []


def test_owners_are_known_from_when_somebody_asks(store: shop.Module) -> None:
    before = shop.Database(store)
    _core.track_owners(True)
    try:
        database = shop.Database(store)
        note = database.write_note("abc")
        view = note.text()
        chest = shop.Chest(store)
        chest.put(b"abc")
        blob = chest.take()
        owners = {id(owner): (handle, place) for owner, handle, place in _core.owners()}
        handles = {entry.handle for entry in tallystick.live()}
        for each in (database, note, view, chest, blob):
            handle, place = owners[id(each)]
            assert handle in handles
            assert place is not None and place.startswith(__file__ + ":")
        assert id(before) not in owners
        for each in (view, note, database, chest, blob, before):
            each.close()
        assert [owner for owner, _, _ in _core.owners()] == []
    finally:
        _core.track_owners(False)
