"""Take the words out of the trail: what happened, when and by whom stays, and the chain holds."""

from collections.abc import Collection

from django.db import transaction

from chancery.foundation.audit.models import AuditPersonalPart
from chancery.foundation.audit.refs import Ref, about_any
from chancery.foundation.privacy.permits import erasure_permitted


@transaction.atomic
def erase_personal_parts(about: Collection[Ref]) -> int:
    """Delete the personal parts of all events about these rows; return how many."""
    with erasure_permitted("words of the trail"):
        return AuditPersonalPart.objects.filter(about_any(about, "event__")).delete()[0]
