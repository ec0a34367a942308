"""The public door at the story's time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

STORY = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)


@pytest.fixture
def story_time() -> Iterator[time_machine.Traveller]:
    """Monday 21 October 2024, 09:00 in Barcelona."""
    with time_machine.travel(STORY, tick=False) as traveller:
        yield traveller
