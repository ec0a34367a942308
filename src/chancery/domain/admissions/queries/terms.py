"""Read the terms that were accepted with an application; they hold for its place, whatever the edition says now."""

from chancery.domain.admissions.models import Application
from chancery.domain.programme.models import Terms
from chancery.domain.programme.policies import TermsRule, terms_from_json
from chancery.foundation.ruling import Refused, refusal


class TermsNotFrozen(Refused):
    """The application was never sent: no terms were accepted with it."""


def frozen_terms(application: Application) -> Terms:
    """Return the terms that were accepted with an application.

    :raises TermsNotFrozen: when it was never sent.
    """
    if application.terms is None:
        raise TermsNotFrozen(refusal("terms_not_frozen"), f"application {application.pk} was never sent")
    return application.terms


def frozen_rule(application: Application) -> TermsRule:
    """Return the rule of :func:`frozen_terms`.

    :raises TermsNotFrozen: when the application was never sent.
    """
    return terms_from_json(frozen_terms(application).rule)
