"""Read who holds which role."""

from django.db.models import Prefetch, QuerySet

from chancery.foundation.accounts.models import RoleGrant, User
from chancery.foundation.accounts.roles import Role


def roles_of(user: User) -> frozenset[Role]:
    """Return the roles an account holds now; a blocked account holds none."""
    if not user.is_active:
        return frozenset()
    held = RoleGrant.objects.filter(user=user, revoked_at=None).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def list_office_accounts() -> QuerySet[User]:
    """Return the accounts that hold or held a role, with ``current_grants`` loaded, by address."""
    current = Prefetch(
        "grants",
        queryset=RoleGrant.objects.filter(revoked_at=None).order_by("role"),
        to_attr="current_grants",
    )
    return User.objects.filter(grants__isnull=False).distinct().prefetch_related(current).order_by("email")


def list_holders(role: Role) -> QuerySet[User]:
    """Return the active accounts that hold a role now, by address."""
    return User.objects.filter(is_active=True, grants__role=role, grants__revoked_at=None).order_by("email")


def holders_by_role() -> dict[Role, list[str]]:
    """Return the addresses of the active accounts that hold each role now, in one query."""
    current = RoleGrant.objects.filter(revoked_at=None, user__is_active=True).order_by("user__email")
    held: dict[Role, list[str]] = {role: [] for role in Role}
    for role, email in current.values_list("role", "user__email"):
        held[Role(role)].append(email)
    return held
