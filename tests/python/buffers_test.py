"""Memory that crosses: nothing is copied in either direction, and nothing is freed under a reader."""

from __future__ import annotations

import ctypes
import sys

import conformance
import mirror
import pytest
import tallystick

SIZES = [1, 15, 16, 24, 4096, 1 << 20]


def address(memory: memoryview | bytearray) -> int:
    """Where writable memory is."""
    return ctypes.addressof((ctypes.c_char * len(memory)).from_buffer(memory))


@pytest.mark.parametrize("size", SIZES)
def test_the_author_sees_the_callers_memory(mirrored: mirror.Module, size: int) -> None:
    with mirror.Probe(mirrored) as probe:
        memory = bytearray(size)
        assert probe.see_bytes(memory) == address(memory)
        assert probe.see_bytes(memoryview(memory)) == address(memory)
        fixed = bytes(size)
        # A bytes object's memory lies at a fixed distance from the object.
        assert probe.see_bytes(fixed) == id(fixed) + bytes.__basicsize__ - 1
        # A part of it, as a host passes that reads files into one piece of memory.
        assert probe.see_bytes(memoryview(memory)[size // 2 :]) == address(memory) + size // 2


@pytest.mark.parametrize("size", SIZES)
def test_the_author_sees_the_callers_text(mirrored: mirror.Module, size: int) -> None:
    with mirror.Probe(mirrored) as probe:
        text = "t" * size
        # An ASCII str is its own UTF-8 form, at the end of the object.
        assert probe.see_text(text) == id(text) + sys.getsizeof(text) - size - 1
        # Any other keeps that form once it has been asked for.
        other = "\u00fc" * size
        assert probe.see_text(other) == probe.see_text(other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("give", ["give_buffer", "give_vector", "give_string"])
def test_python_sees_the_authors_memory(mirrored: mirror.Module, size: int, give: str) -> None:
    with mirror.Probe(mirrored) as probe, getattr(probe, give)(size) as blob:
        assert len(blob) == size
        with memoryview(blob) as view:
            seen = address(view)
            assert seen == probe.given()
            # And back: what goes in from a blob is the author's own memory again.
            assert probe.see_bytes(blob) == seen


def test_a_blob_is_readable_and_writable(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe, scribe.echo_bytes(b"abc") as blob:
        with memoryview(blob) as view:
            assert not view.readonly and view.nbytes == len(blob) == 3
            view[0] = ord("x")
        assert bytes(blob) == b"xbc"


def test_an_empty_blob_is_a_blob(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe, scribe.echo_bytes(b"") as blob:
        assert len(blob) == 0 and not blob and bytes(blob) == b"" and bytes(memoryview(blob)) == b""


def test_close_with_an_open_buffer_is_a_buffer_error(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        blob = scribe.echo_bytes(b"abc")
        view = memoryview(blob)
        with pytest.raises(BufferError, match="1 buffer"):
            blob.close()
        assert bytes(view) == b"abc" and not blob.closed
        view.release()
        blob.close()
        blob.close()


def test_a_view_keeps_its_blob(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        view = memoryview(scribe.echo_bytes(b"abc"))
        assert bytes(view) == b"abc"
        assert [each.class_name for each in tallystick.live()].count("blob") == 1
        view.release()


def test_a_closed_blob_holds_nothing(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        blob = scribe.echo_bytes(b"abc")
        blob.close()
        for use in (len, bytes, memoryview):
            with pytest.raises(tallystick.ClosedError):
                use(blob)  # type: ignore[operator]


def test_a_buffer_that_is_being_read_can_not_be_resized(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        memory = bytearray(b"abc")
        scribe.echo_bytes(memory).close()
        memory.append(0)  # unlocked again


def test_a_blob_keeps_its_module_loaded(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        blob = scribe.echo_bytes(b"abc")
    with pytest.raises(tallystick.HasChildrenError):
        one.unload()
    blob.close()


def test_own_text_is_a_str_and_leaves_no_blob(one: conformance.Module) -> None:
    with conformance.Scribe(one) as scribe:
        assert scribe.echo_text("abc") == "abc"
        (blobs,) = (each for each in tallystick.ledger("conformance_one") if each.class_name == "blob")
        assert (blobs.issued, blobs.retired) == (1, 1)
