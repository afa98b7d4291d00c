"""What the tests of the Python binding share: the modules that CMake built for them, and a ledger that must balance."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import codec
import conformance
import mirror
import pytest
import tallystick

NAMES = ("zlib", "one", "two", "mirror", "everything")
FILES = {name: Path(os.environ[f"TALLYSTICK_TEST_{name.upper()}"]) for name in NAMES}


@pytest.fixture(autouse=True)
def balanced() -> Iterator[None]:
    """Every test gives everything back."""
    yield
    gc.collect()
    tallystick.collect()
    left = tallystick.live()
    assert not left, left


@pytest.fixture
def zlib() -> Iterator[codec.Module]:
    with codec.Module.load(FILES["zlib"]) as module:
        yield module
        gc.collect()


@pytest.fixture
def one() -> Iterator[conformance.Module]:
    with conformance.Module.load(FILES["one"]) as module:
        yield module
        gc.collect()


@pytest.fixture
def two() -> Iterator[conformance.Module]:
    with conformance.Module.load(FILES["two"]) as module:
        yield module
        gc.collect()


@pytest.fixture
def mirrored() -> Iterator[mirror.Module]:
    with mirror.Module.load(FILES["mirror"]) as module:
        yield module
        gc.collect()


Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Runs a program in an interpreter of its own; `one` is loaded there as `module`."""

    def run(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "script.py"
        head = f"import conformance, tallystick\nmodule = conformance.Module.load({str(FILES['one'])!r})\n"
        path.write_text(head + text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, *options, str(path)], capture_output=True, text=True, timeout=60, check=False
        )

    return run
