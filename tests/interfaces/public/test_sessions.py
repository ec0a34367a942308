"""Sessions as list, picture and calendar file."""

from datetime import UTC, datetime

import pytest
from tests.factories.programme import make_edition
from tests.interfaces.public.test_programme_pages import text_of

from chancery.interfaces.public.calendar_file import calendar_file
from chancery.interfaces.public.tracing import ShownSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


@pytest.fixture
def edition():
    return make_edition(slug="metropolis-2024")


def make_session(title: str) -> ShownSession:
    return ShownSession(
        key="K1",
        kind="knowledge",
        title=title,
        lesson=1,
        starts_at=datetime(2024, 11, 18, 8, 30, tzinfo=UTC),
        ends_at=datetime(2024, 11, 18, 10, 0, tzinfo=UTC),
        place="Barcelona; Room 1, left",
        is_online=False,
        required=True,
        demo=True,
        practised_in=(),
        feeds=(),
    )


def test_sessions_stand_under_their_day_with_the_hours_of_the_place(client, edition):
    shown = text_of(client, "/en/metropolis-2024/sessions/")

    assert "Mon 18 Nov 2024" in shown
    assert "K3 09:30&ndash;11:00 Why and how a city writes an international strategy" in shown
    assert "Days and hours are examples" in shown


def test_the_picture_of_the_week_has_a_sentence_and_stands_beside_the_table(client, edition):
    html = client.get("/en/metropolis-2024/sessions/").content.decode()

    assert 'role="img" aria-labelledby="week-title week-desc"' in html
    assert html.count('<g class="block') == 16


def test_a_lesson_shows_its_skills_and_sessions(client, edition):
    shown = text_of(client, "/en/metropolis-2024/lessons/4/")

    assert "Measure problems and audit solutions until the impact can be shown" in shown
    assert "K7 Thu 21 Nov, 09:30&ndash;11:00 What counts as a result" in shown


def test_the_calendar_file_holds_every_dated_session_in_utc(client, edition):
    answer = client.get("/en/metropolis-2024/sessions.ics")
    text = answer.content.decode()

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("BEGIN:VEVENT") == 18
    assert "DTSTART:20241118T083000Z" in text


def test_a_calendar_line_is_never_longer_than_75_octets_and_loses_nothing():
    title = "À chaque public, où il gagne: " * 3
    text = calendar_file("Diplôme", "host.example", "m", [make_session(title)], datetime(2024, 9, 2, tzinfo=UTC))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:K1 {title}".replace(",", "\\,") in unfolded
    assert "LOCATION:Barcelona\\; Room 1\\, left" in unfolded
