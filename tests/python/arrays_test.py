"""Arrays: one owner, and a sequence of references."""

from __future__ import annotations

import pytest
import shop
import tallystick


def test_an_array_is_a_sequence(store: shop.Module) -> None:
    with shop.SampleArray(store, 3, seed=5) as array:
        assert len(array) == 3
        assert [each.next() for each in array] == [5, 5, 5]
        assert array[0].next() == 6
        assert array[0] == array[-3] and array[2] == array[-1] and array[0] != array[1]
        assert isinstance(array[1], shop.Sample)
        assert len(list(iter(array))) == 3


def test_an_index_beyond_the_end_is_an_index_error(store: shop.Module) -> None:
    with shop.SampleArray(store, 2) as array:
        for index in (2, -3, 2**62):
            with pytest.raises(IndexError, match=r"shop\.SampleArray"):
                array[index]
        with pytest.raises(TypeError):
            array["0"]  # type: ignore[index]


def test_an_empty_array_has_nothing(store: shop.Module) -> None:
    with shop.SampleArray(store, 0) as array:
        assert len(array) == 0 and list(array) == []
        with pytest.raises(IndexError):
            array[0]


def test_an_element_is_a_reference_that_ends_with_its_array(store: shop.Module) -> None:
    array = shop.SampleArray(store, 2)
    element = array[1]
    element.close()
    element = array[1]
    array.close()
    with pytest.raises(tallystick.Error):
        element.next()
    for use in (len, list, lambda closed: closed[0]):
        with pytest.raises(tallystick.ClosedError):
            use(array)


def test_an_array_is_none_of_its_elements(store: shop.Module) -> None:
    with shop.SampleArray(store, 2) as array, shop.Sample(store) as sample:
        assert type(array) is not type(sample)
        assert not hasattr(array, "next") and not hasattr(sample, "__len__")


def test_an_array_takes_the_arguments_of_its_elements(store: shop.Module) -> None:
    with pytest.raises(TypeError, match="count"):
        shop.SampleArray(store)  # type: ignore[call-arg]
    with pytest.raises(OverflowError):
        shop.SampleArray(store, -1)
    with pytest.raises(OverflowError):
        shop.SampleArray(store, 1, seed=2**32)
