"""The pages of an edition that is not held: the office asks, each person chooses (C5)."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.admissions import make_person
from tests.factories.applying import fill, send, start_draft
from tests.factories.entering import enter
from tests.factories.money import billed_place, pay_bill
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import Refund
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.models import EditionChoice, Place
from chancery.domain.enrollment.states import ChoiceState, PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ui.wording import days_text

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)
BEFORE = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)
LATE = datetime(2024, 11, 5, 9, 0, tzinfo=UTC)
BY = "2024-11-04"


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.DEMO = True  # the story's clock is followed


@world
def place(folder: Path) -> Place:
    """Return a paid place of an edition that will not be held."""
    place, invoice = billed_place(make_edition())
    pay_bill(folder, SYSTEM, NOW, invoice, invoice.total_minor)
    return place


@world
def target(place: Place) -> Edition:
    later = make_edition()
    later.programme, later.starts_on, later.ends_on = place.edition.programme, date(2025, 5, 12), date(2025, 5, 16)
    later.save()
    return later


def ask(place: Place, later: Edition, **more: str) -> int:
    told = {"target": str(later.pk), "answer_by": BY, "note": "The hall has burnt down.", **more}
    with clock.travel(NOW):
        return enter(Role.EDITION_LEAD).post(reverse("ask-for-choice", args=[place.edition.slug]), told).status_code


def page_of(place: Place) -> str:
    return reverse("choose-edition", args=[place.application.reference])


def holder(place: Place) -> Client:
    client = Client()
    client.force_login(place.person.user)
    return client


def choose(place: Place, choice: str, *, at: datetime = NOW) -> int:
    with clock.travel(at):
        return holder(place).post(page_of(place), {"choice": choice}).status_code


def test_the_office_asks_and_sees_who_chose_what(place: Place, target: Edition) -> None:
    assert ask(place, target) == 302
    assert choose(place, "next") == 302
    with clock.travel(NOW):
        page = enter(Role.EDITION_LEAD).get(reverse("see-not-held", args=[place.edition.slug])).content.decode()
    assert "takes the next edition" in page
    assert Place.objects.get(edition=target).application.reference in page


@pytest.mark.parametrize(
    ("wrong", "status"), [({"note": ""}, 422), ({"target": ""}, 422), ({"answer_by": "2024-10-01"}, 409)]
)
def test_what_cannot_be_asked_is_said_and_nobody_is_written_to(
    place: Place, target: Edition, wrong: dict[str, str], status: int
) -> None:
    assert ask(place, target, **wrong) == status
    assert not EditionChoice.objects.exists()


def test_without_a_later_edition_only_ending_is_offered(place: Place) -> None:
    with clock.travel(NOW):
        page = enter(Role.EDITION_LEAD).get(reverse("see-not-held", args=[place.edition.slug])).content.decode()
    assert "There is no later edition yet." in page
    assert reverse("call-edition-off", args=[place.edition.slug]) in page


def test_the_page_says_who_holds_a_place_and_what_was_paid_before_anything_ends(place: Place) -> None:
    with clock.travel(NOW):
        page = enter(Role.EDITION_LEAD).get(reverse("see-not-held", args=[place.edition.slug])).content.decode()

    words = " ".join(re.sub("<[^>]+>", "", page).replace("\u00a0", " ").split())
    assert "1 person holds a place. Their bills: EUR 1,000.00 billed, 1,000.00 received, 0.00 open." in words
    assert f"Who holds a place{place.person.name} {place.application.reference} place guaranteed" in words


def test_whoever_held_a_place_reads_that_the_edition_is_not_held_and_why(place: Place) -> None:
    told = {"reference": place.edition.slug, "note": "The hall has burnt down."}
    with clock.travel(NOW):
        enter(Role.EDITION_LEAD).post(reverse("call-edition-off", args=[place.edition.slug]), told)
        own = holder(place).get(reverse("see-place", args=[place.application.reference])).content.decode()

    assert "The edition is not held" in own
    assert "The hall has burnt down." in own
    assert "Cancelled" not in own


def test_a_participant_reads_both_ways_with_what_each_brings(place: Place, target: Edition) -> None:
    ask(place, target)
    with clock.travel(NOW):
        page = " ".join(holder(place).get(page_of(place)).content.decode().split())
        own = holder(place).get(reverse("see-place", args=[place.application.reference])).content.decode()
    assert "The hall has burnt down." in page
    assert f"{days_text(date(2025, 5, 12), date(2025, 5, 16))} in Barcelona" in page
    assert "EUR 1,000.00 that we have received for it goes back in full" in page
    assert page_of(place) in own


def test_the_page_of_the_place_names_no_new_days_and_says_that_everything_comes_back(
    place: Place, target: Edition
) -> None:
    queue_mail(place_reserved_mail(place, now=NOW), now=NOW)
    ask(place, target)
    reference = place.application.reference

    with clock.travel(NOW):
        client = holder(place)
        page = client.get(reverse("see-place", args=[reference])).content.decode()
        leaving = client.get(reverse("see-cancelling", args=[reference])).content.decode()
        dates = client.get(reverse("see-dates", args=[reference]))

    assert "everything back until Mon 4 Nov 2024, 23:59:59" in page
    assert "New dates" not in page + leaving
    assert "We do not hold this edition." in leaving
    assert dates.status_code == 302


def test_the_money_is_chosen_once(place: Place, target: Edition) -> None:
    ask(place, target)
    assert (choose(place, "money"), choose(place, "money")) == (302, 302)
    place.refresh_from_db()
    assert place.state == PlaceState.ORGANISER_CANCELLED
    assert Refund.objects.get().amount_minor == 100_000


def test_after_its_time_the_next_edition_is_refused_with_the_reason(place: Place, target: Edition) -> None:
    ask(place, target)
    assert choose(place, "next", at=LATE) == 409
    assert EditionChoice.objects.get().state == ChoiceState.ASKED


def test_a_full_next_edition_says_so_and_leaves_the_choice(place: Place, target: Edition) -> None:
    Edition.objects.filter(pk=target.pk).update(capacity=1)
    billed_place(target)
    ask(place, target)
    with clock.travel(NOW):
        answer = holder(place).post(page_of(place), {"choice": "next"})
    assert answer.status_code == 409
    assert "The next edition is full by now." in answer.content.decode()


def test_nobody_elses_choice_is_found(place: Place, target: Edition) -> None:
    ask(place, target)
    stranger = Client()
    stranger.force_login(make_person().user)
    with clock.travel(NOW):
        assert stranger.post(page_of(place), {"choice": "money"}).status_code == 404
    assert EditionChoice.objects.get().state == ChoiceState.ASKED


def test_where_nobody_asked_there_is_nothing_to_choose(place: Place) -> None:
    assert choose(place, "next") == 302
    with clock.travel(NOW):
        assert holder(place).get(page_of(place)).status_code == 302


class TestApplicants:
    """Who applied for an edition that is not held, and what visitors read of it."""

    @pytest.fixture
    def sent(self) -> Application:
        with clock.travel(BEFORE):
            return send(fill(start_draft()), now=BEFORE)

    @pytest.fixture
    def later(self, sent: Application) -> Edition:
        later = make_edition()
        later.programme, later.starts_on, later.ends_on = sent.edition.programme, date(2025, 5, 12), date(2025, 5, 16)
        later.save()
        return later

    def call_off(self, sent: Application) -> str:
        lead, told = enter(Role.EDITION_LEAD), {"reference": sent.edition.slug, "note": "The hall has burnt down."}
        with clock.travel(NOW):
            page = lead.get(reverse("see-not-held", args=[sent.edition.slug])).content.decode()
            assert lead.post(reverse("call-edition-off", args=[sent.edition.slug]), told).status_code == 302
            assert "Nobody can apply" in lead.get(reverse("see-not-held", args=[sent.edition.slug])).content.decode()
        return page

    def page(self, sent: Application) -> str:
        with clock.travel(NOW):
            return self.applicant(sent).get(reverse("see-application", args=[sent.reference])).content.decode()

    def applicant(self, sent: Application) -> Client:
        client = Client()
        client.force_login(sent.person.user)
        return client

    def test_the_office_reads_whom_it_touches_before(self, sent: Application) -> None:
        assert "1 application is under way" in self.call_off(sent)

    def test_the_applicant_applies_for_the_next_edition_with_the_same_answers(
        self, sent: Application, later: Edition
    ) -> None:
        self.call_off(sent)
        page = self.page(sent)
        with clock.travel(NOW):
            answered = self.applicant(sent).post(reverse("apply-again", args=[sent.reference]))

        again = Application.objects.get(edition=later)
        assert "is not held; our mail says why" in page
        assert "Apply with these answers" in page
        assert answered["Location"] == reverse("see-application", args=[again.reference])

    def test_without_a_next_edition_nothing_is_offered(self, sent: Application) -> None:
        self.call_off(sent)

        assert "Apply with these answers" not in self.page(sent)
        with clock.travel(NOW):
            answered = self.applicant(sent).post(reverse("apply-again", args=[sent.reference]))
        assert answered["Location"] == reverse("see-application", args=[sent.reference])

    def test_the_day_on_which_the_next_call_opens_is_said(self, sent: Application, later: Edition) -> None:
        Edition.objects.filter(pk=later.pk).update(opens_at=datetime(2025, 1, 7, 9, tzinfo=UTC))
        self.call_off(sent)

        assert "The call opens on Tue 7 Jan 2025" in self.page(sent)

    def test_nobody_else_takes_the_answers(self, sent: Application, later: Edition) -> None:
        self.call_off(sent)
        other = Client()
        other.force_login(make_person().user)

        assert other.post(reverse("apply-again", args=[sent.reference])).status_code == 404
        assert not Application.objects.filter(edition=later).exists()

    def test_visitors_read_that_it_is_not_held(self, sent: Application) -> None:
        before = self.read(sent.edition)
        self.call_off(sent)

        assert "Not held" not in before
        assert "This edition is not held." in self.read(sent.edition)

    def read(self, edition: Edition) -> str:
        with clock.travel(BEFORE):
            return Client().get(f"/en/{edition.slug}/").content.decode()
