"""The history of the office is read in words."""

from chancery.foundation.audit.events import Event
from chancery.interfaces.office.events_shown import WORDS


def test_each_event_has_words() -> None:
    assert set(WORDS) == set(Event)
