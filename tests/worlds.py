"""Worlds: what several tests begin with, written once and found by each of them as it was written.

A fixture made by :func:`world` is built in a transaction around that of the test. What a test writes is rolled back as
ever; the world stays for the next test of the module that begins alike, and is rolled back when one does not. Each test
gets copies of its own of what the builders returned. A world may need other worlds, and what lives for a session.
"""

import copy
import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import pytest
from django.db import transaction

type Builder = Callable[..., Any]


def world(build: Builder) -> Any:
    """Return a fixture of a builder's name whose rows outlive the test that asks for it first."""

    @wraps(build)
    def found(**needs: Any) -> Any:
        return WORLDS.found(build)

    found.builds_a_world = build  # type: ignore[attr-defined]
    return pytest.fixture(found)


class Worlds:
    """The worlds that stand, each upon the one before it, in a transaction each."""

    def __init__(self) -> None:
        self._layers: list[tuple[Builder, Any]] = []
        self._built: dict[str, Any] = {}
        self._copies: dict[str, Any] = {}

    def stand(self, builders: Sequence[Builder], request: pytest.FixtureRequest) -> None:
        """Let exactly these worlds stand, in their order, and copy for a test what their builders returned."""
        kept = 0
        for (standing, _), wanted in zip(self._layers, builders, strict=False):
            if standing is not wanted:
                break
            kept += 1
        self.fall(kept)
        for build in builders[kept:]:
            self._build(build, request)
        self._copies = copy.deepcopy(self._built)

    def fall(self, kept: int = 0) -> None:
        """Roll all worlds back but the first ones."""
        while len(self._layers) > kept:
            build, atomic = self._layers.pop()
            del self._built[build.__name__]
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)

    def found(self, build: Builder) -> Any:
        """Return the test's copy of what a builder returned."""
        return self._copies[build.__name__]

    def _build(self, build: Builder, request: pytest.FixtureRequest) -> None:
        needs = {name: self._need(name, request) for name in inspect.signature(build).parameters}
        atomic = transaction.atomic()
        atomic.__enter__()
        self._layers.append((build, atomic))
        self._built[build.__name__] = None
        try:
            self._built[build.__name__] = build(**needs)
        except BaseException:
            self.fall(len(self._layers) - 1)
            raise

    def _need(self, name: str, request: pytest.FixtureRequest) -> Any:
        return self._built[name] if name in self._built else request.getfixturevalue(name)


WORLDS = Worlds()


def worlds_of(item: pytest.Item) -> list[Builder]:
    """Return the builders of the worlds that a test begins with, those first that others need."""
    definitions = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}  # noqa: SLF001 -- no other way
    found = {name: build for name in definitions if (build := _builder(definitions[name][-1].func))}
    ordered: dict[str, Builder] = {}

    def take(name: str) -> None:
        for need in inspect.signature(found[name]).parameters:
            if need in found and need not in ordered:
                take(need)
        ordered.setdefault(name, found[name])

    for name in sorted(found):
        take(name)
    return list(ordered.values())


def _builder(fixture: Any) -> Builder | None:
    return getattr(fixture, "builds_a_world", None)
