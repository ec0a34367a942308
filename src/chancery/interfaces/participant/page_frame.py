"""What every page of this door shows around its content: the edition, the account, the way back."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.domain.programme.models import Edition
from chancery.domain.programme.words import note_of
from chancery.foundation.accounts.access import SignedInRequest, is_in_office
from chancery.foundation.ui.frame import Account, Bar, Link
from chancery.foundation.ui.wording import days_text


def page_frame(request: SignedInRequest, edition: Edition | None = None) -> dict[str, Any]:
    """Return the frame of a signed-in page, with the bar of the edition it is about."""
    return {
        "bar": _bar(edition) if edition else None,
        "account": Account(request.user.email, reverse("my-account"), reverse("sign-out")),
    }


def own_frame(request: SignedInRequest) -> dict[str, Any]:
    """Return the frame of a page about the account: the office's for who works there, with the way back there."""
    if is_in_office(request):
        return {"back": Link(_("Today"), reverse("see-today"))}
    return {**page_frame(request), "back": back_to_files()}


def back_to_files() -> Link:
    """Return the way back to the list of files."""
    return Link(_("My applications"), reverse("my-files"))


def back_to_application(reference: str) -> Link:
    """Return the way back to the application."""
    return Link(_("Your application"), reverse("see-application", args=[reference]))


def programme_page(edition: Edition) -> str:
    """Return the address of the public page of an edition, in the reader's language."""
    language = get_language() or "en"
    try:
        return reverse("show-programme", kwargs={"language": language, "edition": edition.slug})
    except NoReverseMatch:
        return "/"


def _bar(edition: Edition) -> Bar:
    when = f"{days_text(edition.starts_on, edition.ends_on)} · {edition.place}"
    return Bar(
        edition.programme.name,
        programme_page(edition),
        when,
        note_of(called_off_at=edition.called_off_at, provisional=edition.provisional),
    )
