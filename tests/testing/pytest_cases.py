"""Tests, half of which have to fail. pytest_test.py knows which, and with which words."""

import os
from collections.abc import Iterator

import pytest
import shop

KEPT: list[object] = []  # what tests leave, until the end of the session


class Cache:
    """Something that holds things."""

    entries: dict[str, object] = {}


LOADED = shop.Module.load(os.environ["TALLYSTICK_TEST_SHOP"])


@pytest.fixture(scope="session")
def module() -> shop.Module:
    """The module, for all. It stays, since so does what tests leave."""
    return LOADED


@pytest.fixture(scope="session")
def of_session(module: shop.Module) -> Iterator[shop.Database]:
    """Made once, by whichever test asks first."""
    with shop.Database(module) as database:
        yield database


@pytest.fixture(scope="class")
def leaky(module: shop.Module) -> shop.Database:
    """Made once, and not given back."""
    database = shop.Database(module)
    KEPT.append(database)
    return database


@pytest.fixture
def of_test(module: shop.Module) -> Iterator[shop.Database]:
    """Made for each test."""
    with shop.Database(module) as database:
        yield database


def test_passes_gives_back(module: shop.Module) -> None:
    shop.Database(module).close()


def test_passes_uses_fixtures(of_session: shop.Database, of_test: shop.Database) -> None:
    assert of_session != of_test


def test_passes_uses_them_again(of_session: shop.Database, of_test: shop.Database) -> None:
    assert of_session != of_test


def test_fails_leaves_in_a_global(module: shop.Module) -> None:
    KEPT.append(shop.Database(module))


def test_passes_is_not_blamed_for_another(module: shop.Module) -> None:
    shop.Database(module).close()


def test_fails_leaves_in_a_class(module: shop.Module) -> None:
    Cache.entries["database"] = shop.Database(module)


def test_fails_leaves_three(module: shop.Module) -> None:
    KEPT.extend(shop.Database(module) for _ in range(3))


def test_fails_leaves_a_view(of_test: shop.Database) -> None:
    with of_test.write_note("abc") as note:
        KEPT.append(note.text())


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_passes_leaves_a_cycle(module: shop.Module) -> None:
    """The collector finds it."""
    cycle: list[object] = [shop.Database(module)]
    cycle.append(cycle)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_fails_by_itself(module: shop.Module) -> None:
    """And is not blamed for what its traceback holds."""
    database = shop.Database(module)
    assert database.closed


@pytest.mark.tallystick_left("shop.database", 1, "it is kept for the end")
def test_passes_leaves_what_is_allowed(module: shop.Module) -> None:
    KEPT.append(shop.Database(module))


@pytest.mark.tallystick_left("shop.database", 1, reason="it is kept for the end")
def test_fails_leaves_more_than_is_allowed(module: shop.Module) -> None:
    KEPT.extend([shop.Database(module), shop.Database(module)])


@pytest.mark.parametrize("count", [0, 2])
def test_passes_each(module: shop.Module, count: int) -> None:
    for _ in range(count):
        shop.Database(module).close()


@pytest.mark.skip(reason="for the reason of the test")
def test_passes_skipped(module: shop.Module) -> None:
    KEPT.append(shop.Database(module))


class TestFixture:
    """Of a fixture that leaves something the last that uses it is told."""

    def test_passes_before_its_end(self, leaky: shop.Database) -> None:
        assert not leaky.closed

    def test_fails_ends_a_fixture_that_leaves(self, leaky: shop.Database) -> None:
        assert not leaky.closed


def test_passes_after_it(module: shop.Module) -> None:
    shop.Database(module).close()
