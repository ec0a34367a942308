"""Scratch databases for the tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine import seeds
from tests.engine.databases import Scratch, drop_database, new_database
from tests.engine.processes import run


@pytest.fixture(scope="session")
def new_scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Scratch]]:
    """Return what makes databases that are removed when the session ends."""
    folder = tmp_path_factory.mktemp("engine")
    made: list[Scratch] = []

    def make(template: Scratch | None = None) -> Scratch:
        made.append(new_database(folder, template))
        return made[-1]

    yield make
    for scratch in made:
        drop_database(scratch)


@pytest.fixture(scope="session")
def empty(new_scratch: Callable[..., Scratch]) -> Scratch:
    """A migrated database without rows, to be copied."""
    scratch = new_scratch()
    run(scratch, seeds.make_tables)
    return scratch


@pytest.fixture
def scratch(new_scratch: Callable[..., Scratch], empty: Scratch) -> Scratch:
    """A migrated database of the test's own."""
    return new_scratch(empty)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for statement files."""
    return tmp_path_factory.mktemp("statements")
