"""What every page of this door shows around its content: the edition, the account, the way back."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.domain.programme.models import Edition
from chancery.domain.programme.words import note_of
from chancery.foundation.accounts.access import SignedInRequest, is_in_office
from chancery.foundation.accounts.languages import ASKED, OWN_NAMES
from chancery.foundation.ui.frame import Account, Bar, LanguageLink, Link
from chancery.foundation.ui.wording import days_text


def page_frame(request: SignedInRequest, edition: Edition | None = None) -> dict[str, Any]:
    """Return the frame of a signed-in page, with the bar of the edition it is about."""
    return {
        "bar": edition_bar(edition) if edition else None,
        "account": Account(request.user.label, reverse("my-account"), reverse("sign-out")),
    }


def payer_frame(edition: Edition) -> dict[str, Any]:
    """Return the frame of a page for who has no account: the edition it is about, and the page in each language."""
    spoken = get_language()
    links = [LanguageLink(code, name, f"?{ASKED}={code}", current=code == spoken) for code, name in OWN_NAMES.items()]
    return {"edition": edition, "bar": edition_bar(edition), "language_links": links}


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


def edition_bar(edition: Edition) -> Bar:
    """Return the bar that names the edition, and leads to its public page."""
    when = f"{days_text(edition.starts_on, edition.ends_on)} · {edition.place}"
    return Bar(
        edition.programme.name,
        programme_page(edition),
        when,
        note_of(called_off_at=edition.called_off_at, provisional=edition.provisional),
    )
