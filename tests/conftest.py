"""What every test stands on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.core.management.commands import migrate
from django.utils import translation
from hypothesis import settings

from chancery.foundation.ui.words import compile_words
from tests.flushing import allow_flush
from tests.tables import Migrate
from tests.worlds import WORLDS, worlds_of

allow_flush()
# A busy machine is no fault of the code: examples take what they take.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_sessionstart() -> None:
    """Let pages speak every language, in a fresh clone as well."""
    compile_words()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests of a module that begin with the same worlds follow each other; else their order stays random."""
    modules = list(dict.fromkeys(item.path for item in items))
    order = {path: place for place, path in enumerate(modules)}
    items.sort(key=lambda item: (order[item.path], [build.__name__ for build in worlds_of(item)]))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Let the test database have its tables at once; pytest-django asks for this before it makes the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "Command", Migrate)
        yield


@pytest.fixture(autouse=True)
def _speaks_the_programs_language() -> None:
    """Let no test hear the language in which a page of an earlier one was asked for."""
    translation.deactivate()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of worlds."""
    return tmp_path_factory.mktemp("folder")


@pytest.fixture(scope="module")
def _worlds_fall(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        WORLDS.fall()


@pytest.fixture
def _worlds_stand(
    request: pytest.FixtureRequest, django_db_blocker: pytest_django.DjangoDbBlocker, _worlds_fall: None
) -> None:
    with django_db_blocker.unblock():
        WORLDS.stand(worlds_of(request.node), request)


@pytest.fixture
def _django_db_helper(_worlds_stand: None, _django_db_helper: None) -> None:
    """Open the transaction of a test, as pytest-django does, within those of the worlds that it begins with."""
