"""What every test stands on."""

from collections.abc import Iterator

import pytest
from django.core.management.commands import migrate
from django.utils import translation
from hypothesis import settings

from chancery.foundation.ui.words import compile_words
from tests.flushing import allow_flush
from tests.tables import Migrate

allow_flush()
# A busy machine is no fault of the code: examples take what they take.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_sessionstart() -> None:
    """Let pages speak every language, in a fresh clone as well."""
    compile_words()


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
