"""What every test stands on."""

from tests.flushing import allow_flush

allow_flush()
