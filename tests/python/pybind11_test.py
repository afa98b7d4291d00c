"""pybind11 code in another extension module takes generated objects, and tally::Error reaches Python as ours."""

from __future__ import annotations

import conformance
import pytest
import taker
import tallystick


def test_pybind11_code_takes_objects_and_references(one: conformance.Module) -> None:
    with conformance.Counter(one, start=3) as counter:
        assert taker.value(counter) == 3
        assert taker.sum(counter, counter.ref()) == 6


def test_another_class_is_refused(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        for given in (scribe, 7, None):
            with pytest.raises(TypeError, match="conformance.Counter"):
                taker.value(given)


def test_a_closed_object_is_refused(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    counter.close()
    with pytest.raises(tallystick.ClosedError):
        taker.value(counter)


def test_errors_of_the_wrapper_are_errors_of_the_package(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter, pytest.raises(tallystick.ProviderError, match="told to break"):
        taker.fail(counter)
