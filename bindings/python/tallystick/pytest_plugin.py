"""Handle balance in pytest: a test that leaves an object, a blob or a view behind fails, and says why it is still alive.

It is there when tallystick is installed, or with `-p tallystick.pytest_plugin`. Nothing has to be said in a test. What a
fixture of a wider scope makes is the fixture's, which has to give it back before it ends.

Options: `--tallystick=strict` (the default), `warn` or `off`, also as `tallystick = ...` in the configuration;
`--tallystick-json=FILE`. The marker `tallystick_left(class_name, count, reason)` allows a test so many of a class.
"""

import gc
import inspect
import json
import sys
import types
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import tallystick
from tallystick import _core

_MODES = ("strict", "warn", "off")
_PROPERTY = "tallystick_left"  # of reports, by which pytest-xdist's workers tell of what they found


class TallystickWarning(pytest.PytestWarning):
    """A test has left something behind (`--tallystick=warn`)."""


class _Entry(NamedTuple):
    """One that a test has left."""

    module: str
    class_name: str
    handle: int
    site: str
    deferred: bool

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from all others; a reference has only its object's handle, and its site."""
        return self.handle, self.site


def _entries() -> list[_Entry]:
    return [_Entry(module, name, handle, site, late) for module, name, handle, site, _, late in _core.entries(None)]


def _figures() -> tuple[tuple[int, int, int], ...]:
    """Equal at two moments only if nothing has come or gone in between."""
    return tuple((row[2], row[3], row[5]) for row in _core.balances(None))


class _Snapshot:
    """What was there at a moment. Read again only if the figures have changed since it was read last."""

    def __init__(self) -> None:
        self.figures: tuple[tuple[int, int, int], ...] | None = None
        self.entries: Counter[tuple[int, str]] = Counter()

    def take(self) -> None:
        """Makes it that of now."""
        figures = _figures()
        if figures != self.figures:
            self.entries = Counter(entry.key for entry in _entries())
            self.figures = figures

    def left(self) -> list[_Entry]:
        """What is there now and was not then."""
        return [] if _figures() == self.figures else _beside(self.entries)


def _beside(known: Counter[tuple[int, str]]) -> list[_Entry]:
    """What is there now beside those."""
    known = known.copy()
    new = []
    for entry in _entries():
        if known[entry.key] > 0:
            known[entry.key] -= 1
        else:
            new.append(entry)
    return new


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, (str, int)) else type(value).__name__
    return text if len(text) <= 40 else text[:37] + "..."


def _names_of(module: types.ModuleType, value: object) -> Iterator[str]:
    for name, found in vars(module).items():
        if found is value:
            yield name


class _Holders:
    """Why a Python object is alive, in words. The interpreter's own and this plugin's hold of it are not told."""

    _DEPTH = 4

    def __init__(self, *ignored: object) -> None:
        self._ignored = {id(each) for each in ignored}

    def of(self, value: object) -> str:
        """The shortest way from something that has a name."""
        seen = {id(value)}
        ways: list[tuple[object, str]] = [(value, "")]
        for _ in range(self._DEPTH):
            further: list[tuple[object, str]] = []
            for held, how in ways:
                for holder in self._holders(held, seen, (ways, further)):
                    named = self._named(holder, held)
                    if named:
                        return named + how
                    further.append((holder, self._step(holder, held) + how))
            if not further:
                break
            ways = further
        if ways[0][0] is value:
            return "no Python object holds it: native code does"
        return f"a {_short(ways[0][0])}{ways[0][1]}, which nothing that has a name holds: a cycle, or native code"

    def _holders(self, held: object, seen: set[int], own: tuple[object, ...]) -> Iterator[object]:
        for holder in gc.get_referrers(held):
            if id(holder) in seen or id(holder) in self._ignored or any(holder is each for each in own):
                continue
            if isinstance(holder, types.FrameType) and holder.f_code.co_filename == __file__:
                continue
            seen.add(id(holder))
            yield holder

    @staticmethod
    def _named(holder: object, held: object) -> str:
        if isinstance(holder, types.FrameType):
            for name, found in holder.f_locals.items():
                if found is held:
                    return f"the variable '{name}' of {holder.f_code.co_qualname}, which has not ended"
            return f"a call of {holder.f_code.co_qualname} that has not ended"
        if isinstance(holder, types.ModuleType):
            for name in _names_of(holder, held):
                return f"the global '{name}' of {holder.__name__}"
        if isinstance(holder, dict):
            for module in list(sys.modules.values()):
                if isinstance(module, types.ModuleType) and vars(module) is holder:
                    for name in _names_of(module, held):
                        return f"the global '{name}' of {module.__name__}"
        if isinstance(holder, types.TracebackType):
            return f"a traceback through {holder.tb_frame.f_code.co_qualname}"
        if isinstance(holder, type):
            for name, found in vars(holder).items():
                if found is held:
                    return f"the attribute '{name}' of the class {holder.__qualname__}"
            return f"the class {holder.__qualname__}"
        return ""

    @staticmethod
    def _step(holder: object, held: object) -> str:
        if isinstance(holder, dict):
            for key, found in holder.items():
                if found is held:
                    return f"[{_short(key)}]"
        if isinstance(holder, (list, tuple)):
            for index, found in enumerate(holder):
                if found is held:
                    return f"[{index}]"
        if isinstance(holder, types.CellType):
            return " (in a closure)"
        for name in getattr(holder, "__dict__", {}):
            if holder.__dict__[name] is held:
                return f".{name}"
        return f" (in a {type(holder).__name__})"


class Left(NamedTuple):
    """What a test has left, of one class, made at one place, and alive for one reason."""

    count: int
    class_name: str
    module: str
    place: str
    why: str

    def line(self) -> str:
        """As it is shown."""
        return f"{self.count} x {self.class_name} of {self.module}, created at {self.place}: {self.why}"


def _explain(entries: list[_Entry]) -> list[Left]:
    """Those of one kind together."""
    owners = {handle: (owner, place) for owner, handle, place in _core.owners()}
    holders = _Holders(owners, *owners.values())
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for entry in entries:
        owner, place = owners.get(entry.handle, (None, None))
        if entry.deferred:
            why = "it is destroyed, but its destructor waits: for a view, a child, a call or its own thread"
        elif owner is None:
            why = "no Python object owns it: it was given to native code, or is native code's own"
        else:
            why = "held by " + holders.of(owner)
        counts[(entry.class_name, entry.module, place or entry.site, why)] += 1
    return [Left(count, name, module, place, why) for (name, module, place, why), count in counts.items()]


class Balance:
    """The plugin: one for a session."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._before = _Snapshot()
        self._of_fixtures: Counter[tuple[int, str]] = Counter()  # of scopes wider than a test's
        self._made_by: dict[int, Counter[tuple[int, str]]] = {}  # the same by fixture
        self._ended: Counter[tuple[int, str]] = Counter()  # what those had made that have just ended
        self._has_failed = False
        _core.track_owners(True)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """What is there before the test's first fixture is not the test's."""
        self._has_failed = False
        self._ended.clear()
        self._before.take()
        yield
        del item

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, None, None]:
        """What a fixture of a wider scope makes is its own until it ends."""
        if fixturedef.scope == "function":
            yield
            return
        before = _Snapshot()
        before.take()
        yield
        made = Counter(entry.key for entry in before.left()) - self._of_fixtures
        self._made_by[id(fixturedef)] = made
        self._of_fixtures += made
        del request

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        """It has ended: what is left of it is the test's during whose end it did."""
        made = self._made_by.pop(id(fixturedef), Counter())
        self._of_fixtures -= made
        self._ended += made

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """A test that has failed is not blamed for what its traceback holds."""
        outcome = yield
        self._has_failed = self._has_failed or outcome.get_result().failed
        del item, call

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, None]:
        """After the test's last fixture."""
        outcome = yield
        left = self._left(item)
        if not left:
            return
        lines = [each.line() for each in left]
        item.user_properties.append((_PROPERTY, [each._asdict() for each in left]))
        text = "tallystick: this test has left behind:\n" + "\n".join("  " + line for line in lines)
        if self._has_failed or outcome.excinfo:
            item.add_report_section("teardown", "tallystick", text + "\n(the test has failed, and may hold it by that)")
        elif self.mode == "warn":
            item.warn(TallystickWarning(text))
        else:
            pytest.fail(
                text + "\ngive it back (`with`, or close()), or say why it may stay: "
                "@pytest.mark.tallystick_left(class_name, count, reason)",
                pytrace=False,
            )

    def _left(self, item: pytest.Item) -> list[Left]:
        if not self._new():
            return []
        gc.collect()
        tallystick.collect()
        if not self._new():
            return []
        tallystick.wait(1.0)
        entries = self._new()
        for marker in item.iter_markers("tallystick_left"):
            allowed = _allowed(marker)
            taken = 0
            kept = []
            for entry in entries:
                if entry.class_name == allowed.class_name and taken < allowed.count:
                    taken += 1
                else:
                    kept.append(entry)
            entries = kept
        return _explain(entries)

    def _new(self) -> list[_Entry]:
        if not self._ended and _figures() == self._before.figures:
            return []
        return _beside((self._before.entries - self._ended) + self._of_fixtures)


class _Allowed(NamedTuple):
    class_name: str
    count: int
    reason: str


def _allowed(marker: pytest.Mark) -> _Allowed:
    try:
        bound = inspect.signature(_Allowed).bind(*marker.args, **marker.kwargs)
    except TypeError as error:
        raise pytest.UsageError(f"@pytest.mark.tallystick_left(class_name, count, reason): {error}") from None
    return _Allowed(*bound.args, **bound.kwargs)


class _Json:
    """Gathers what all tests have left, of pytest-xdist's workers as well, and writes it at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tests: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The last phase has all properties."""
        if report.when != "teardown":
            return
        for name, left in report.user_properties:
            if name == _PROPERTY:
                self._tests.append({"test": report.nodeid, "outcome": report.outcome, "left": left})

    def pytest_sessionfinish(self) -> None:
        """Writes the file."""
        self._path.write_text(json.dumps({"tests": self._tests}, indent=2) + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("tallystick", "native objects that tests leave behind (tallystick)")
    group.addoption(
        "--tallystick",
        choices=_MODES,
        default=None,
        help="a test that leaves a native object behind: fails (strict, the default), is warned of (warn), or is not looked at (off)",
    )
    group.addoption("--tallystick-json", metavar="FILE", default=None, help="write what tests have left behind to FILE, as JSON")
    parser.addini("tallystick", "strict, warn or off: see --tallystick", default="strict")


def pytest_configure(config: pytest.Config) -> None:
    """Adds the plugin's parts."""
    config.addinivalue_line(
        "markers", "tallystick_left(class_name, count, reason): the test may leave so many native objects of the class behind"
    )
    mode = config.getoption("--tallystick") or str(config.getini("tallystick"))
    if mode not in _MODES:
        raise pytest.UsageError(f"tallystick = {mode}: must be one of {', '.join(_MODES)}")
    if mode == "off":
        return
    config.pluginmanager.register(Balance(mode), "tallystick-balance")
    path = config.getoption("--tallystick-json")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Json(Path(path)), "tallystick-json")


__all__ = ["Balance", "Left", "TallystickWarning", "pytest_addoption", "pytest_configure"]
