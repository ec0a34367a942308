"""What every test stands on."""

from tests.engine import allow_flush

allow_flush()
