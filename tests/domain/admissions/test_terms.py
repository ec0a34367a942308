"""The terms of an application are frozen when it is sent."""

import pytest
from tests.factories.admissions import SENT_AT, make_application
from tests.factories.programme import make_edition

from chancery.domain.admissions.queries.terms import TermsNotFrozen, frozen_rule, frozen_terms
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.models import Terms
from chancery.domain.programme.queries import current_rule

pytestmark = pytest.mark.django_db


def test_terms_that_come_later_do_not_touch_what_was_accepted() -> None:
    edition = make_edition()
    application = make_application(edition=edition)
    accepted = frozen_terms(application)

    rule = {**accepted.rule, "standard_minor": 160_000}
    Terms.objects.create(edition=edition, version=2, rule=rule, frozen_at=SENT_AT)

    assert frozen_terms(application) == accepted
    assert (frozen_rule(application).standard_minor, current_rule(edition).standard_minor) == (150_000, 160_000)


def test_a_draft_has_no_terms_yet() -> None:
    with pytest.raises(TermsNotFrozen):
        frozen_rule(make_application(state=ApplicationState.DRAFT))
