"""What every test stands on."""

from hypothesis import settings

from chancery.foundation.ui.words import compile_words
from tests.flushing import allow_flush

allow_flush()
# A busy machine is no fault of the code: examples take what they take.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_sessionstart() -> None:
    """Let pages speak every language, in a fresh clone as well."""
    compile_words()
