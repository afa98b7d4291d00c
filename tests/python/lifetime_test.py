"""Objects: what closes them, what may be done with a closed one, and that none is ever half-made or copied."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import warnings
import weakref

import conformance
import pytest
import tallystick
from conftest import FILES


def ended(module: conformance.Module) -> int:
    """How many counters the author's side has destroyed."""
    with conformance.Census(module) as census:
        return census.ended(conformance.Kind.COUNTER)


def test_close_destroys_at_once(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    before = ended(one)
    counter.close()
    assert counter.closed
    assert ended(one) == before + 1


def test_close_is_idempotent(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    counter.close()
    counter.close()
    assert sum(balance.retired for balance in tallystick.ledger() if balance.class_name == "conformance.counter") == 1


def test_use_after_close_raises_and_names_the_creation(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    line = sys._getframe().f_lineno - 1
    counter.close()
    with pytest.raises(tallystick.ClosedError) as caught:
        counter.value()
    assert caught.value.status == -1
    assert caught.value.status_name == "stale_handle"
    assert isinstance(caught.value, ValueError)
    assert "operation on closed conformance.Counter" in str(caught.value)
    assert f"lifetime_test.py:{line}" in str(caught.value)
    last = tallystick.last_error()
    assert last is not None and str(last) == str(caught.value)


def test_with_closes_also_when_the_body_raises(one: conformance.Module) -> None:
    with pytest.raises(KeyError), conformance.Counter(one) as counter:
        raise KeyError
    assert counter.closed


def test_a_consuming_method_closes_on_success_only(one: conformance.Module) -> None:
    counter = conformance.Counter(one, start=3)
    with pytest.raises(conformance.Refused):
        counter.end(conformance.Fault.REFUSED)
    assert not counter.closed
    assert counter.value() == 3
    assert counter.end() == 3
    with pytest.raises(tallystick.ClosedError, match="ended by conformance.Counter.end"):
        counter.value()


def test_a_given_object_is_closed_on_success_only(one: conformance.Module) -> None:
    with conformance.Basket(one) as basket:
        counter = conformance.Counter(one, start=4)
        with pytest.raises(conformance.Refused):
            basket.put(counter, fault=conformance.Fault.REFUSED)
        assert not counter.closed
        basket.put(counter)
        with pytest.raises(tallystick.ClosedError, match="given to conformance.Basket.put"):
            counter.value()
        assert basket.sum() == 4


def test_a_reference_calls_the_object_after_a_transfer(one: conformance.Module) -> None:
    with conformance.Basket(one) as basket:
        counter = conformance.Counter(one, start=4)
        reference = counter.ref()
        assert reference == counter
        basket.put(counter)
        assert reference.add() == 5
    with pytest.raises(tallystick.StaleHandleError):
        reference.value()


def test_a_reference_owns_nothing(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter, conformance.Basket(one) as basket:
        reference = counter.ref()
        with pytest.raises(tallystick.NotOwnerError):
            basket.put(reference)
        with pytest.raises(tallystick.NotOwnerError):
            reference.end()
        reference.close()
        assert reference.closed and not counter.closed


def test_a_reference_does_not_outlive_its_module() -> None:
    module = conformance.Module.load(FILES["one"])
    with conformance.Counter(module) as counter:
        reference = counter.ref()
    module.unload()
    with pytest.raises(tallystick.ClosedError, match="its module was unloaded"):
        reference.value()


def test_new_without_init_is_a_whole_object(one: conformance.Module) -> None:
    with pytest.raises(TypeError):
        conformance.Counter.__new__(conformance.Counter)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        object.__new__(conformance.Counter)
    with conformance.Counter.__new__(conformance.Counter, one, start=5) as counter:
        assert counter.value() == 5


def test_what_has_no_constructor_can_not_be_made() -> None:
    for kind in (tallystick.Object, tallystick.Blob, tallystick.Module, conformance.Module):
        with pytest.raises(TypeError):
            kind()
        with pytest.raises(TypeError):
            object.__new__(kind)


def test_generated_classes_can_not_be_derived_from() -> None:
    with pytest.raises(TypeError):
        type("Derived", (conformance.Counter,), {})


def test_an_instance_takes_no_attributes(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter, pytest.raises(AttributeError):
        counter.note = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_pickle_and_copy_are_refused(one: conformance.Module, duplicate: object) -> None:
    with conformance.Counter(one) as counter, conformance.Scribe(one) as scribe:
        with scribe.echo_bytes(b"abc") as blob:
            for each in (counter, blob, one):
                with pytest.raises(TypeError, match="cannot pickle or copy"):
                    duplicate(each)  # type: ignore[operator]


def test_objects_compare_and_hash_by_handle(one: conformance.Module) -> None:
    with conformance.Counter(one) as a, conformance.Counter(one) as b, conformance.Basket(one) as basket:
        assert a != b
        assert len({a, a.ref(), b}) == 2
        key = hash(a)
        basket.put(a)
        back = basket.take()
        assert back == a and hash(back) == key
        assert a != "a" and a != None  # noqa: E711
        back.close()


def test_a_finaliser_warns_with_the_creation_site(one: conformance.Module) -> None:
    with pytest.warns(ResourceWarning) as caught:
        conformance.Counter(one)
        line = sys._getframe().f_lineno - 1
        gc.collect()
    (warning,) = caught
    assert str(warning.message).endswith(f"lifetime_test.py:{line}")
    assert str(warning.message).startswith("unclosed conformance.Counter created at ")


def test_a_finaliser_gives_the_object_back(one: conformance.Module) -> None:
    before = ended(one)
    with pytest.warns(ResourceWarning):
        conformance.Counter(one)
        gc.collect()
    assert ended(one) == before + 1


def test_a_closed_object_and_a_blob_are_finalised_silently(one: conformance.Module) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with conformance.Scribe(one) as scribe:
            blob = scribe.echo_bytes(b"abc")
            del blob
        del scribe
        gc.collect()


def test_an_object_in_a_cycle_is_collected(one: conformance.Module) -> None:
    holder: list[object] = [conformance.Counter(one)]
    holder.append(holder)
    with pytest.warns(ResourceWarning):
        del holder
        gc.collect()


def test_a_warned_finaliser_may_bring_the_object_back(one: conformance.Module) -> None:
    saved = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings._showwarnmsg_impl = lambda message: saved.append(message.source)  # type: ignore[attr-defined]
        conformance.Counter(one)
        gc.collect()
    (back,) = saved
    assert back.closed
    saved.clear()


def test_weak_references_are_told(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    watch = weakref.ref(counter)
    assert watch() is counter
    counter.close()
    del counter
    assert watch() is None


def test_a_destructor_that_throws_still_consumes(one: conformance.Module) -> None:
    fuse = conformance.Fuse(one, conformance.Fault.RUNTIME_ERROR)
    with pytest.raises(tallystick.ProviderError):
        fuse.close()
    assert fuse.closed


def test_children_keep_their_module(one: conformance.Module) -> None:
    module = conformance.Module.load(FILES["two"])
    watch = weakref.ref(module)
    with conformance.Counter(module) as counter:
        del module
        gc.collect()
        assert watch() is not None
        assert counter.value() == 0
    del counter
    gc.collect()
    assert watch() is None


def test_unload_is_refused_while_something_lives() -> None:
    module = conformance.Module.load(FILES["one"])
    counter = conformance.Counter(module)
    with pytest.raises(tallystick.HasChildrenError):
        module.unload()
    assert counter.value() == 0
    with conformance.Scribe(module) as scribe:
        blob = scribe.echo_bytes(b"abc")
    counter.close()
    with pytest.raises(tallystick.HasChildrenError, match="1 blob"):
        module.unload()
    blob.close()
    module.unload()
    module.unload()
    with pytest.raises(tallystick.ClosedError):
        conformance.Counter(module)


def test_two_loads_of_one_file_each_hold_their_objects() -> None:
    first = conformance.Module.load(FILES["one"])
    second = conformance.Module.load(FILES["one"])
    with conformance.Counter(second) as counter:
        with pytest.raises(tallystick.HasChildrenError):
            second.unload()
        assert counter.value() == 0
    second.unload()
    first.unload()


def test_a_module_tells_its_name_and_path() -> None:
    with conformance.Module.load(FILES["one"]) as module:
        assert module.name == "conformance_one"
        assert module.path == str(FILES["one"])
    assert module.closed
    assert module.name == "conformance_one"


def test_what_is_no_module_is_named() -> None:
    with pytest.raises(tallystick.SystemCallError, match="/no/such/file"):
        conformance.Module.load("/no/such/file")
    with pytest.raises(tallystick.NotSupportedError, match="codec"):
        conformance.Module.load(FILES["zlib"])
    with pytest.raises(TypeError):
        conformance.Module.load(7)  # type: ignore[arg-type]


def test_the_wrong_module_is_named(one: conformance.Module, two: conformance.Module) -> None:
    with conformance.Counter(one) as counter, conformance.Basket(two) as basket:
        with pytest.raises(tallystick.WrongModuleError):
            basket.put(counter)
        assert not counter.closed


def test_reprs_tell_what_and_where(one: conformance.Module) -> None:
    counter = conformance.Counter(one)
    assert repr(counter).startswith("<conformance.Counter created at ")
    assert repr(counter.ref()).startswith("<conformance.Counter reference created at ")
    counter.close()
    assert repr(counter).startswith("<conformance.Counter closed, created at ")
