"""What copies of mails about money stand on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine


@pytest.fixture
def one_payer_link(settings: Any) -> Iterator[None]:
    """The payer's link holds the time and is signed: both stand still, so that the copies do."""
    settings.SECRET_KEY = "only-for-tests"
    with time_machine.travel(datetime(2024, 10, 18, 9, 0, tzinfo=UTC), tick=False):
        yield
