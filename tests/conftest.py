"""What every test stands on."""

from hypothesis import settings

from tests.flushing import allow_flush

allow_flush()
# A busy machine is no fault of the code: examples take what they take.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
