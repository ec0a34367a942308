"""Keep who pays as the participant says after admission."""

from collections.abc import Mapping

from django.db import transaction

from chancery.domain.admissions.models import Application, PayerDetails


@transaction.atomic
def keep_payer(*, application: Application, details: Mapping[str, str]) -> PayerDetails:
    """Store who pays in place of what the form said; bills already written keep their own words."""
    payer, _ = PayerDetails.objects.update_or_create(application=application, defaults=dict(details))
    return payer
