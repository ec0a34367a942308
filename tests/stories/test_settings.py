"""Promise B5: the office edits the edition; who has sent an application keeps the terms of that day."""

import pytest
from tests.factories.notices import facts_of, reply
from tests.stories.applying import EDITION
from tests.stories.earlier import admit, application_of, comes_in, draft_of

from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.journey.correspond import receive_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_another_fee_is_for_those_who_come_after(tell):
    iva = application_of(tell, "Iva Bura")
    admit(tell, iva)
    yasmine = draft_of(tell, "Yasmine Chehili")

    when_the_lead_changes_a_fee_and_the_refund_days(tell)

    then_the_place_is_judged_by_the_terms_of_its_day(tell, iva)
    then_the_draft_reads_the_new_ones(tell, yasmine)


def test_a_contradiction_is_refused_with_both_places(tell):
    tell.it_is("2024-10-09T12:00")
    lead = tell.officer("aina")
    lead.visits(f"/office/{EDITION}/settings/fees/")
    lead.types("Member rate", "1600.00")
    lead.clicks("Show what changes")

    lead.sees("These values cannot stand together", "tariff.member", "1600.00", "tariff.standard", "1500.00")
    lead.looks()


def test_the_words_of_a_page_stand_in_four_languages_side_by_side(tell):
    tell.it_is("2024-10-09T12:00")
    lead = tell.officer("aina")
    lead.visits(f"/office/{EDITION}/settings/words/")
    lead.looks()
    lead.clicks("tagline")
    lead.looks()
    lead.types("tagline (en)", "Craft for a career abroad")
    lead.clicks("Show what changes")
    lead.clicks("Save the change")

    lead.visits(f"/en/{EDITION}/")
    lead.sees("Craft for a career abroad")


def test_a_question_is_added_moved_and_taken_out(tell):
    yasmine = draft_of(tell, "Yasmine Chehili")
    tell.it_is("2024-10-09T12:00")
    lead = tell.officer("aina")
    lead.visits(f"/office/{EDITION}/settings/form/")
    lead.looks()

    when_a_question_is_added(lead)
    reader = comes_in(tell, yasmine)
    reader.visits(f"/my/applications/{yasmine.reference}/you/")
    reader.sees("How do you want to be addressed?", "By my title")

    when_the_question_moves_up_and_leaves(lead)
    reader.visits(f"/my/applications/{yasmine.reference}/you/")
    reader.does_not_see("How do you want to be addressed?")


def test_another_account_waits_for_a_second_person(tell):
    tell.it_is("2024-10-09T12:00")
    lead = tell.officer("aina")
    lead.visits(f"/office/{EDITION}/settings/account/")
    lead.types("IBAN", "FR1420041010050500013M02606")
    lead.clicks("Show what changes")
    lead.clicks("Propose the change")
    lead.sees("A change of the account waits for another person", "Needs another person")
    lead.looks()

    second = tell.officer("joan")
    second.visits("/office/second-person/")
    second.looks()
    second.clicks(f"A change of the account of {EDITION} waits")
    second.clicks("Approve")
    second.sees("Approved. It holds from now on.")


def test_the_pages_that_only_show_are_as_a_page_should_be(tell):
    tell.it_is("2024-10-09T12:00")
    desk = tell.officer("pol")
    for address in ("mails/", "mails/?of=enrollment/place_reserved", "roles/", "trace/", "trace/?of=session[1]"):
        desk.visits(f"/office/{EDITION}/settings/{address}")
        tell.looked.clear()
        desk.looks()
    desk.visits(f"/office/{EDITION}/settings/mails/?of=enrollment/place_reserved")
    desk.sees("Your place is reserved: {reference}", "Su plaza está reservada: {reference}")


def when_the_lead_changes_a_fee_and_the_refund_days(tell):
    tell.it_is("2024-10-09T12:00")
    lead = tell.officer("aina")
    lead.clicks("Settings")
    lead.looks()
    lead.clicks("Fees and invoices")
    lead.looks()
    lead.types("Standard rate", "1700.00")
    lead.clicks("Show what changes")
    lead.sees("1500.00", "1700.00", "1 application was sent and keeps the terms of that day.")
    lead.looks()
    lead.clicks("Save the change")
    lead.visits(f"/office/{EDITION}/settings/leaving/")
    lead.types("Days before the start until which money comes back", "10")
    lead.clicks("Show what changes")
    lead.clicks("Save the change")
    lead.visits(f"/office/{EDITION}/settings/")
    lead.sees("1500.00 → 1700.00", "30 → 10", "Set back")


def when_a_question_is_added(lead):
    lead.opens("Add one: Questions")
    questions = lead.page.locator("section", has=lead.page.locator("#question"))
    questions.get_by_label("Key", exact=False).fill("salutation")
    questions.get_by_label("Answered with", exact=False).select_option(label="one answer of several")
    questions.get_by_label("Answers to choose from (en)").fill("By name")
    questions.get_by_label("Question (en)", exact=False).fill("How do you want to be addressed?")
    lead.clicks("Show what changes")
    lead.sees("salutation")
    lead.looks()
    lead.clicks("Save the change")
    lead.sees("How do you want to be addressed?")
    lead.clicks("How do you want to be addressed?")
    lead.looks()
    lead.types("Answers to choose from (en)", "By name\nBy my title")
    lead.clicks("Show what changes")
    lead.sees("by-name = By name")
    lead.clicks("Save the change")
    lead.visits(f"/office/{EDITION}/settings/form/")


def when_the_question_moves_up_and_leaves(lead):
    lead.clicks("Up : salutation")
    lead.clicks("Save the change")
    lead.clicks("Take out : salutation")
    lead.clicks("Save the change")
    lead.does_not_see("How do you want to be addressed?")


def then_the_place_is_judged_by_the_terms_of_its_day(tell, iva):
    reader = comes_in(tell, iva)
    reader.visits(f"/my/places/{iva.reference}/fee/")
    reader.sees("1,500.00")
    reader.does_not_see("1,700.00")
    now = tell.it_is("2024-10-20T10:00")
    place = Place.objects.get(application=iva.application)
    receive_mail(raw=reply(place, facts_of(place), at=now), source="story", now=now)
    notice = CancellationNotice.objects.get()
    officer = tell.officer("merce")
    officer.visits(f"/office/{EDITION}/cancellations/{notice.pk}/")
    officer.does_not_see("Accept as cancellation")


def then_the_draft_reads_the_new_ones(tell, yasmine):
    tell.it_is("2024-10-20T11:00")
    reader = comes_in(tell, yasmine)
    reader.visits(f"/my/applications/{yasmine.reference}/check/")
    reader.sees("1,700.00", "7 Nov 2024")
