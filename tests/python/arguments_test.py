"""Arguments from Python to C: nothing is converted silently, and what is refused is named."""

from __future__ import annotations

import decimal
import fractions
import inspect

import conformance
import everything
import pytest
import tallystick
from conftest import FILES


@pytest.mark.parametrize("value", [1.0, decimal.Decimal(1), fractions.Fraction(1), "1", None, 1j])
def test_integers_come_from_ints_only(one: conformance.Module, value: object) -> None:
    with conformance.Scribe(one) as scribe:
        with pytest.raises(TypeError, match=r"Scribe.echo_i32\(\) argument 'value' must be int, not"):
            scribe.echo_i32(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
@pytest.mark.parametrize("signed", [True, False])
def test_integers_keep_to_their_range(one: conformance.Module, bits: int, signed: bool) -> None:
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    with conformance.Scribe(one) as scribe:
        echo = getattr(scribe, f"echo_{'i' if signed else 'u'}{bits}")
        assert echo(least) == least and echo(most) == most
        for value in (least - 1, most + 1, 2**200, -(2**200)):
            with pytest.raises(OverflowError, match=f"argument 'value' must be from {least} to {most}, not {value}"):
                echo(value)


@pytest.mark.parametrize("name", ["echo_i8", "echo_i64", "echo_u64", "echo_f64"])
def test_a_number_too_long_to_be_written_is_told_by_its_size(one: conformance.Module, name: str) -> None:
    with conformance.Scribe(one) as scribe:
        with pytest.raises(OverflowError, match=r"argument 'value' must be from \S+ to \S+, not an int of 16610 bits"):
            getattr(scribe, name)(10**5000)


@pytest.mark.parametrize("name", ["echo_i64", "echo_u64"])
def test_integers_are_the_same_at_every_size(one: conformance.Module, name: str) -> None:
    """Ints of at most 30 bits are read in another way than larger ones."""
    sizes = [0, 1, 2**15, 2**30 - 1, 2**30, 2**30 + 1, 2**60 - 1, 2**60, 2**63 - 1]
    signs = (1, -1) if name == "echo_i64" else (1,)
    with conformance.Scribe(one) as scribe:
        for value in [sign * size for size in sizes for sign in signs]:
            assert getattr(scribe, name)(value) == value


def test_a_bool_is_an_int_in_python_but_an_int_no_bool(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        assert scribe.echo_i8(True) == 1
        with pytest.raises(TypeError, match="must be bool"):
            scribe.echo_bool(1)  # type: ignore[arg-type]


def test_floats(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        assert scribe.echo_f64(3) == 3.0
        assert scribe.echo_f32(float("inf")) == float("inf")
        for value in ("1", decimal.Decimal(1), None):
            with pytest.raises(TypeError, match="must be float"):
                scribe.echo_f64(value)  # type: ignore[arg-type]
        for echo, too_large in ((scribe.echo_f32, 1e39), (scribe.echo_f64, 10**400)):
            with pytest.raises(OverflowError, match="argument 'value' must be from"):
                echo(too_large)


def test_enums_are_members_or_numbers(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        assert scribe.echo_shade(conformance.Shade.LIGHT) is conformance.Shade.LIGHT
        assert scribe.echo_shade(-5) is conformance.Shade.DARK
        with pytest.raises(TypeError, match="must be conformance.Shade, not Fault"):
            scribe.echo_shade(conformance.Fault.NOTHING)  # type: ignore[arg-type]
        with pytest.raises(tallystick.InvalidArgumentError):
            scribe.echo_shade(99)


def test_text_is_utf8(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        for text in ("", "ascii", "é", "\0", "\U0001f600"):
            assert scribe.echo_text(text) == text
        with pytest.raises(TypeError, match="must be str, not bytes"):
            scribe.echo_text(b"")  # type: ignore[arg-type]


def test_a_lone_surrogate_is_not_utf8(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe, pytest.raises(tallystick.NotUtf8Error, match="'value'"):
        scribe.echo_text("\ud800")


def test_bytes_come_from_whatever_has_contiguous_memory(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        for given in (b"abc", bytearray(b"abc"), memoryview(b"abc"), memoryview(b"xabc")[1:]):
            assert bytes(scribe.echo_bytes(given)) == b"abc"
        with pytest.raises(TypeError, match="must be bytes-like, not str"):
            scribe.echo_bytes("abc")  # type: ignore[arg-type]
        with pytest.raises(BufferError):
            scribe.echo_bytes(memoryview(b"abcdef")[::2])


def test_null_can_not_be_said(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter, conformance.Scribe(one) as scribe:
        for call in (counter.add_all, scribe.echo_text, scribe.echo_bytes):
            with pytest.raises(TypeError):
                call(None)  # type: ignore[operator]


def test_memory_has_its_own_size(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        assert scribe.bytes_size(b"ab") == 2
        with pytest.raises(TypeError):
            scribe.bytes_size(b"ab", 3)  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            scribe.text_size("ab", 3)  # type: ignore[call-arg]


def test_another_class_is_a_type_error(one: conformance.Module) -> None:
    with conformance.Basket(one) as basket, conformance.Scribe(one) as scribe:
        with pytest.raises(TypeError, match="argument 'content' must be conformance.Counter, not conformance.Scribe"):
            basket.put(scribe)  # type: ignore[arg-type]
        assert not scribe.closed


def test_there_are_no_words(one: conformance.Module) -> None:
    """No word can be read, made up, changed or cast: objects are all that Python has."""
    with conformance.Counter(one) as counter:
        for name in ("token", "handle", "api", "adopt", "detach"):
            assert not hasattr(counter, name)
        with pytest.raises(TypeError):
            conformance.Counter.value(7)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            conformance.Basket.count(counter)  # type: ignore[arg-type]


def test_methods_are_bound_to_their_own_module(one: conformance.Module, two: conformance.Module) -> None:
    """A call, and a close, go to the module that made the object; no module can be named."""
    with conformance.Counter(one) as counter:
        with pytest.raises(TypeError):
            counter.value(two)  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            counter.close(two)  # type: ignore[call-arg]


def test_results_have_no_pointer(one: conformance.Module) -> None:
    with conformance.Counter(one, start=3) as counter:
        assert counter.value() == 3
        with pytest.raises(TypeError, match="unexpected keyword argument 'out'"):
            counter.add(out=None)  # type: ignore[call-arg]


def test_arguments_by_name_and_by_position(one: conformance.Module) -> None:
    with conformance.Counter(one, start=1) as a, conformance.Counter(one, 2) as b:
        assert a.add(amount=4) == 5
        assert a.add() == 6
        assert b.add(8) == 10
        for call, says in (
            (lambda: a.add(1, amount=2), "multiple values for argument 'amount'"),
            (lambda: a.add(1, 2), "takes at most 1 argument"),
            (lambda: a.add(by=2), "unexpected keyword argument 'by'"),
            (lambda: a.add_all(), "missing required argument 'other'"),
            (lambda: conformance.Counter(), "missing required argument 'module'"),
            (lambda: conformance.Counter(start=1), "missing required argument 'module'"),
            (lambda: conformance.Counter(module=one), "unexpected keyword argument 'module'"),
        ):
            with pytest.raises(TypeError, match=says):
                call()  # type: ignore[no-untyped-call]


def test_every_default_reaches_the_author() -> None:
    with everything.Module.load(FILES["everything"]) as module, everything.Numbers(module, 0.0) as numbers:
        text = 'a "quoted" é\n??/'
        whole = [1, -128, -32768, -(2**31), -(2**63), 255, 65535, 2**32 - 1, 2**64 - 1, everything.Mode.SMALL]
        expected = sum(map(float, whole)) + 0.1 - 1.7976931348623157e308 + len(text.encode())
        assert numbers.sum() == pytest.approx(expected, rel=1e-12)


def test_every_signature_can_be_read() -> None:
    for kind in (everything.Numbers, everything.Text, everything.Latecomer):
        assert "module" in inspect.signature(kind).parameters
        for name, member in inspect.getmembers(kind, inspect.isroutine):
            if not name.startswith("_"):
                inspect.signature(member)
    default = inspect.signature(everything.Numbers).parameters["favour"].default
    assert default is everything.Mode.SMALL


def test_errors_are_classes_of_the_module(one: conformance.Module) -> None:
    assert issubclass(conformance.Refused, tallystick.Error)
    assert conformance.Refused.status == -1000 and conformance.Empty.status_name == "empty"
    with conformance.Basket(one) as basket, pytest.raises(conformance.Empty) as caught:
        basket.take()
    assert caught.value.status == conformance.Empty.status


def test_errors_are_what_python_calls_them(one: conformance.Module) -> None:
    with conformance.Counter(one) as counter:
        for fault, python, own in (
            (conformance.Fault.INVALID_ARGUMENT, ValueError, tallystick.InvalidArgumentError),
            (conformance.Fault.BAD_ALLOC, MemoryError, tallystick.OutOfMemoryError),
            (conformance.Fault.RUNTIME_ERROR, tallystick.Error, tallystick.ProviderError),
        ):
            with pytest.raises(python) as caught:
                counter.fail(fault)
            assert type(caught.value) is own
