"""Counted classes: every reference is an owner of its own."""

from __future__ import annotations

import gc
import sys

import pytest
import shop
import tallystick


def test_retain_makes_one_more_owner(store: shop.Module) -> None:
    first = shop.Image(store, 3)
    second = first.retain()
    assert second == first and second is not first
    first.close()
    second.widen(2)
    assert second.width() == 5
    second.close()
    with pytest.raises(tallystick.ClosedError):
        second.width()


def test_a_reference_can_be_retained(store: shop.Module) -> None:
    first = shop.Image(store, 3)
    reference = first.ref()
    second = reference.retain()
    first.close()
    assert reference.width() == 3
    second.close()
    with pytest.raises(tallystick.StaleHandleError):
        reference.width()
    with pytest.raises(tallystick.StaleHandleError):
        reference.retain()


def test_a_closed_owner_can_not_be_retained(store: shop.Module) -> None:
    image = shop.Image(store, 3)
    image.close()
    with pytest.raises(tallystick.ClosedError, match=r"Image\.retain"):
        image.retain()


def test_a_forgotten_reference_names_who_retained_it(store: shop.Module) -> None:
    with shop.Image(store, 3) as image:
        with pytest.warns(ResourceWarning) as caught:
            image.retain()
            line = sys._getframe().f_lineno - 1
            gc.collect()
        assert str(caught[0].message).endswith(f"counted_test.py:{line}")
        assert image.width() == 3


def test_a_counted_class_has_no_try_close(store: shop.Module) -> None:
    with shop.Image(store, 3) as image:
        assert not hasattr(image, "try_close")
    with shop.Chest(store) as chest:
        assert not hasattr(chest, "retain")
