"""Read which accounts nobody uses any more."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from chancery.foundation.accounts.models import RoleGrant, User


def list_idle(before: datetime) -> QuerySet[User]:
    """Return accounts without a role that were last used before an instant, each with ``used_at``."""
    grants = RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at=None)
    rows = User.objects.filter(~Exists(grants), is_active=True).annotate(used_at=Coalesce("last_login", "created_at"))
    return rows.filter(used_at__lt=before).select_related("person").order_by("pk")


def holds_a_role(user: User) -> bool:
    """Tell whether an account holds a role of the office."""
    return RoleGrant.objects.filter(user=user, revoked_at=None).exists()
