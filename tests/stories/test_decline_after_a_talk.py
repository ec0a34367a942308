"""Promise A4: nobody is declined before a dialogue has taken place."""

import pytest
from tests.stories.earlier import application_of
from tests.stories.office_work import EDITION, drafts, logs_a_call, releases

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

REASON = "does not work for a public authority"


def test_a_decline_is_refused_until_somebody_has_talked_with_the_applicant(tell):
    hugo = application_of(tell, "Hugo Autan")
    officer = tell.officer("merce")

    drafts(officer, hugo.reference, "Decline", reason=REASON)
    then_it_is_refused_and_says_what_would_lift_it(officer)

    logs_a_call(officer, hugo.reference)
    drafts(officer, hugo.reference, "Decline", reason=REASON)
    releases(tell, 1)
    tell.the_worker_works()

    then_the_letter_tells_the_reason(tell, hugo)


def test_no_reason_of_the_list_is_about_seniority(tell):
    hugo = application_of(tell, "Hugo Autan")
    officer = tell.officer("merce")

    officer.visits(f"/office/{EDITION}/applications/{hugo.reference}/?pane=decide")

    offered = officer.page.get_by_label("Reason, for a decline").inner_text().lower()
    assert REASON in offered
    assert not [
        word for word in ("junior", "senior", "seniority", "experience", "career", "age") if word in offered.split()
    ]


def then_it_is_refused_and_says_what_would_lift_it(officer):
    officer.sees("This cannot be done as it stands", "No dialogue has taken place yet")
    officer.looks()


def then_the_letter_tells_the_reason(tell, hugo):
    mail = tell.mails_to(hugo.who.email)[-1]
    assert mail.subject == f"Our decision on {hugo.reference}"
    assert "people who work for a public authority" in mail.body
