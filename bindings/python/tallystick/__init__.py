"""Tallystick: native code across a C ABI, with every object and every byte accounted for.

Modules that `tallystick gen --lang python` writes rest on this package. It owns what they share: the errors, `Blob`, `View`,
the bases `Object` and `Module`, and the ledger. It promises that these are the same types for every generated module,
and that reading the ledger changes nothing.
"""

import re as _re
import sys as _sys
from importlib import import_module as _import_module
from importlib.machinery import EXTENSION_SUFFIXES as _SUFFIXES
from pathlib import Path as _Path
from typing import NamedTuple as _NamedTuple

_PACKAGE = _Path(__file__).parent


def _why_it_is_not_there() -> str:
    """What is wrong with a package whose compiled part this Python does not see; empty if it sees it."""
    found = sorted(path.name for path in _PACKAGE.glob("_core.*so"))
    if any(f"_core{suffix}" in found for suffix in _SUFFIXES):
        return ""
    name = _sys.implementation.name.replace("cpython", "CPython")
    this = f"{name} {_sys.version_info[0]}.{_sys.version_info[1]} ({_sys.executable})"
    if not found:
        return f"{_PACKAGE}: _core, the compiled part of tallystick, is not there: build or install it again for {this}"
    version = _re.search(r"\.cpython-(\d)(\d+)", found[0])
    built = f"CPython {version[1]}.{version[2]}" if version else "another Python"
    return (
        f"{_PACKAGE}: tallystick was built for {built} (found {', '.join(found)}), and this is {this}: run that one, or "
        "build Tallystick and what rests on it again for this one, with 'pip install .' or -DPython3_EXECUTABLE=..."
    )


try:
    from tallystick import _core
except ImportError:
    if _why := _why_it_is_not_there():
        raise ImportError(_why, name="tallystick._core", path=str(_PACKAGE)) from None
    raise
from tallystick._core import (
    ABI_VERSION,
    RELEASE,
    AlreadyDestroyedError,
    Blob,
    BorrowedError,
    ClosedError,
    ConcurrentUseError,
    Error,
    GoneWithParentError,
    HasChildrenError,
    InvalidArgumentError,
    LimitReachedError,
    MisuseError,
    Module,
    NeverIssuedError,
    NotOwnerError,
    NotSupportedError,
    NotUtf8Error,
    NullArgumentError,
    Object,
    OutOfMemoryError,
    ProviderError,
    StaleHandleError,
    SystemCallError,
    VersionMismatchError,
    View,
    WrongClassError,
    WrongModuleError,
    WrongPairError,
    WrongThreadError,
    collect,
    last_error,
    wait,
    write_ledger,
)

from tallystick.marks import Change, Mark, mark

__version__ = RELEASE

__all__ = [
    "ABI_VERSION",
    "RELEASE",
    "AlreadyDestroyedError",
    "Balance",
    "Blob",
    "BorrowedError",
    "Change",
    "ClosedError",
    "ConcurrentUseError",
    "Entry",
    "Error",
    "GoneWithParentError",
    "HasChildrenError",
    "InvalidArgumentError",
    "LimitReachedError",
    "Mark",
    "MisuseError",
    "Module",
    "NeverIssuedError",
    "NotOwnerError",
    "NotSupportedError",
    "NotUtf8Error",
    "NullArgumentError",
    "Object",
    "OutOfMemoryError",
    "ProviderError",
    "StaleHandleError",
    "SystemCallError",
    "VersionMismatchError",
    "View",
    "WrongClassError",
    "WrongModuleError",
    "WrongPairError",
    "WrongThreadError",
    "cmake_dir",
    "collect",
    "include_dir",
    "last_error",
    "ledger",
    "live",
    "mark",
    "wait",
    "write_ledger",
]


class Balance(_NamedTuple):
    """The balance of one class in one module: issued = retired + live + deferred.

    `bytes` is what the objects take whose destructor has not run: of a class, their own size, without what they have
    allocated; of "blob", what the blobs hold; of "view", 0.
    """

    module: str
    class_name: str
    issued: int
    retired: int
    live: int
    deferred: int
    bytes: int


class Entry(_NamedTuple):
    """One object that is not retired. `created` is a file and an offset in it, as addr2line takes it."""

    module: str
    class_name: str
    handle: int
    created: str
    thread: int
    deferred: bool


def ledger(module: str | None = None) -> list[Balance]:
    """Every class of every module (or of one, by its name) that has created something."""
    return [Balance._make(row) for row in _core.balances(module)]


def live(module: str | None = None) -> list[Entry]:
    """Every object that is live or deferred, of one module or of all."""
    return [Entry._make(row) for row in _core.entries(module)]


def _installed(what: str) -> str:
    try:
        folders = _import_module("tallystick._folders")
    except ImportError:
        raise FileNotFoundError(
            f"{_PACKAGE}: this tallystick is the one of a build folder, and not installed; use that of "
            "'cmake --install' or 'pip install'"
        ) from None
    path = (_PACKAGE / str(getattr(folders, what))).resolve()
    if not path.exists():
        raise FileNotFoundError(f"{path}: this part of Tallystick was not installed, or is not there any more")
    return str(path)


def cmake_dir() -> str:
    """The folder for `find_package(tallystick)`: pass it as -Dtallystick_DIR."""
    return _installed("CMAKE")


def include_dir() -> str:
    """The folder of the C and C++ headers."""
    return _installed("INCLUDE")
