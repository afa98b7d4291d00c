"""Functions that need no object: the module is their first argument."""

from __future__ import annotations

import pytest
import shop
import tallystick


def test_a_function_is_called_with_its_module(store: shop.Module) -> None:
    assert shop.checksum(store, b"\1\2\3") == 7
    assert shop.checksum(store, b"\1\2\3", start=0) == 6
    assert shop.checksum(store, data=memoryview(b"\1")) == 2
    assert shop.greet(store) == "hello you"
    assert shop.greet(store, "\u00e9") == "hello \u00e9"


def test_arguments_are_checked_by_name(store: shop.Module) -> None:
    with pytest.raises(TypeError, match=r"checksum\(\) argument 'data' must be bytes-like, not str"):
        shop.checksum(store, "abc")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"checksum\(\) missing required argument 'data'"):
        shop.checksum(store)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="must be shop.Module, not bytes"):
        shop.checksum(b"abc", b"abc")  # type: ignore[arg-type]


def test_an_error_is_the_interfaces_own(store: shop.Module) -> None:
    with pytest.raises(shop.SoldOut, match=r"shop_fail: .*as it should"):
        shop.fail(store)


def test_a_function_makes_objects(store: shop.Module) -> None:
    with shop.Database(store) as database, shop.note_for(store, database, "abc") as note:
        assert note.size() == 3
        with pytest.raises(tallystick.HasChildrenError):
            database.try_close()


def test_a_function_of_an_unloaded_module_is_refused(store_path: str) -> None:
    module = shop.Module.load(store_path)
    module.unload()
    with pytest.raises(tallystick.ClosedError, match=r"shop\.checksum"):
        shop.checksum(module, b"abc")


def test_a_function_has_a_signature() -> None:
    assert shop.checksum.__text_signature__ == "(module, /, data, start=1)"
    assert (shop.checksum.__doc__ or "").startswith("Adds up.")
