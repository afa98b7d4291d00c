"""Tallystick: native code across a C ABI, with every object and every byte accounted for.

Modules that `tallystick gen --lang python` writes rest on this package. It owns what they share: the errors, `Blob`, `View`,
the bases `Object` and `Module`, and the ledger. It promises that these are the same types for every generated module,
and that reading the ledger changes nothing.
"""

from pathlib import Path as _Path
from typing import NamedTuple as _NamedTuple

from tallystick import _core
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
    write_ledger,
)

__version__ = RELEASE

__all__ = [
    "ABI_VERSION",
    "RELEASE",
    "AlreadyDestroyedError",
    "Balance",
    "Blob",
    "BorrowedError",
    "ClosedError",
    "ConcurrentUseError",
    "Entry",
    "Error",
    "GoneWithParentError",
    "HasChildrenError",
    "InvalidArgumentError",
    "LimitReachedError",
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


def _installed(folder: str) -> str:
    path = _Path(__file__).parent / folder
    if not path.is_dir():
        raise FileNotFoundError(
            f"{path}: this tallystick is not installed; use the CMake package of the project that built it"
        )
    return str(path)


def cmake_dir() -> str:
    """The folder for `find_package(tallystick)`: pass it as -Dtallystick_DIR."""
    return _installed("lib/cmake/tallystick")


def include_dir() -> str:
    """The folder of the C and C++ headers."""
    return _installed("include")
