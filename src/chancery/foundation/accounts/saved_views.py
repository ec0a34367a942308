"""Keep the filters of lists under names; what concerns only how its owner looks at a list leaves no trail.

A view stands with the accounts because it belongs to one and goes when its owner is erased; what a list can be filtered
by is known at the door alone (docs/decisions/0068).
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from chancery.foundation.accounts.models import SavedView, User
from chancery.foundation.ruling import Refused, refusal

MOST = 20


class NameTaken(Refused):
    """The owner has another view of that name on this list."""


class TooManyViews(Refused):
    """The owner has as many views of this list as can be looked through."""


def list_views(*, account: User, of: str) -> QuerySet[SavedView]:
    """Return the views of a list that the account may open, its own and those that are shared, by name."""
    return SavedView.objects.filter(Q(owner=account) | Q(is_shared=True), of=of).order_by("name", "id")


@transaction.atomic
def save_view(*, account: User, of: str, name: str, query: str, is_shared: bool, now: datetime) -> SavedView:
    """Keep filters under a name; saved again with the same filters it is the same view.

    :raises NameTaken: when another view of theirs has the name.
    :raises TooManyViews: when they have as many as can be looked through.
    """
    User.objects.select_for_update().get(pk=account.pk)
    own = SavedView.objects.filter(owner=account, of=of)
    found = own.filter(name=name).first()
    if found and (found.query, found.is_shared) == (query, is_shared):
        return found
    if found:
        raise NameTaken(refusal("view_name_taken"))
    if own.count() >= MOST:
        raise TooManyViews(refusal("too_many_views"))
    return SavedView.objects.create(owner=account, of=of, name=name, query=query, is_shared=is_shared, saved_at=now)


@transaction.atomic
def rename_view(*, view: SavedView, name: str) -> None:
    """Give a view another name.

    :raises NameTaken: when another view of the owner has it.
    """
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as error:
        raise NameTaken(refusal("view_name_taken")) from error


@transaction.atomic
def share_view(*, view: SavedView, is_shared: bool) -> None:
    """Show a view to all who may open the list, or to its owner alone."""
    SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared)


@transaction.atomic
def choose_default(*, view: SavedView, is_default: bool) -> None:
    """Open the list with this view from now on, or with none."""
    User.objects.select_for_update().get(pk=view.owner_id)
    SavedView.objects.filter(owner=view.owner_id, of=view.of, is_default=True).update(is_default=False)
    SavedView.objects.filter(pk=view.pk).update(is_default=is_default)


@transaction.atomic
def remove_view(*, view: SavedView) -> None:
    """Remove a view; whoever opened it keeps the page they look at."""
    SavedView.objects.filter(pk=view.pk).delete()
