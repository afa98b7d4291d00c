"""Marks: what lived at a moment, and what has come and gone since."""

from collections import Counter
from typing import NamedTuple

from tallystick import _core

_Key = tuple[str, str, str, int]  # module, class, site, handle


class Change(NamedTuple):
    """What has changed since a mark, of one class, made at one site.

    `came` is live or deferred now, and was not at the mark; `went` lived then, and does no more. `deferred` are those of
    `came` that are consumed, and whose destructor has not run. An object that has changed hands is the same.
    """

    module: str
    class_name: str
    created: str
    came: int
    deferred: int
    went: int


def _entries(module: str | None) -> tuple[Counter[_Key], Counter[_Key]]:
    """All, and those of them that are deferred."""
    every: Counter[_Key] = Counter()
    deferred: Counter[_Key] = Counter()
    for name, class_name, handle, created, _, is_deferred in _core.entries(module):
        key = (name, class_name, created, handle)
        every[key] += 1
        deferred[key] += is_deferred
    return every, deferred


class Mark:
    """What lived when it was made, in one module or in all."""

    def __init__(self, module: str | None = None) -> None:
        self.module = module
        self._before, _ = _entries(module)

    def changes(self) -> list[Change]:
        """What has come and gone since, by class and site, those of one class together."""
        now, deferred = _entries(self.module)
        came, went = now - self._before, self._before - now
        groups: dict[tuple[str, str, str], list[int]] = {}
        for column, counts in enumerate((came, went)):
            for key, count in counts.items():
                group = groups.setdefault(key[:3], [0, 0, 0])
                group[column] += count
                group[2] += min(count, deferred[key]) if column == 0 else 0
        return [
            Change(module, class_name, created, new, waiting, gone)
            for (module, class_name, created), (new, gone, waiting) in sorted(groups.items())
        ]

    def handles_that_came(self) -> set[int]:
        """The handles of what has come since, as `tallystick.live` has them."""
        now, _ = _entries(self.module)
        return {key[3] for key in now - self._before}


def mark(module: str | None = None) -> Mark:
    """Notes what lives now, of one module (by its name) or of all; `changes()` of the result says what is different then."""
    return Mark(module)
