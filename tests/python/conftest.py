"""What the tests of the Python binding share: the modules that CMake built for them, and a ledger that must balance."""

from __future__ import annotations

import contextlib
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
import shop
import tallystick

NAMES = ("zlib", "one", "two", "mirror", "everything", "shop")
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


@pytest.fixture
def store_path() -> str:
    return str(FILES["shop"])


@pytest.fixture
def store(store_path: str) -> Iterator[shop.Module]:
    with shop.Module.load(store_path) as module:
        yield module
        gc.collect()


@contextlib.contextmanager
def reported() -> Iterator[list[BaseException]]:
    """The exceptions that nobody could be given, meanwhile."""
    caught: list[BaseException] = []
    hook = sys.unraisablehook
    sys.unraisablehook = lambda found: caught.append(found.exc_value)  # type: ignore[arg-type]
    try:
        yield caught
    finally:
        sys.unraisablehook = hook


Script = Callable[..., "subprocess.CompletedProcess[str]"]


def run_in(path: Path, text: str, options: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *options, str(path)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Runs a program in an interpreter of its own; `one` is loaded there as `module`."""
    head = f"import conformance, tallystick\nmodule = conformance.Module.load({str(FILES['one'])!r})\n"
    return lambda text, *options: run_in(tmp_path / "script.py", head + text, options)


@pytest.fixture
def shop_script(tmp_path: Path, store_path: str) -> Script:
    """The same; `store` is loaded there."""
    head = f"import shop, tallystick\nstore = shop.Module.load({store_path!r})\n"
    return lambda text, *options: run_in(tmp_path / "script.py", head + text, options)
