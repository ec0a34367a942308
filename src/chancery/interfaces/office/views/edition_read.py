"""Pages of the settings that only show: what each mail says, and who holds which role."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from chancery.domain.programme.queries import get_content
from chancery.foundation.accounts.queries import holders_by_role
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.mail.wording import mail_kinds, wording_of
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of


@office_page(Permission.SEE_EDITION)
def show_mails(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show the subjects of all mails, or one mail in every language of the edition side by side."""
    edition, kind = edition_of(request, edition_slug), request.GET.get("of", "")
    if kind and kind not in mail_kinds():
        raise Http404
    if kind:
        texts = [wording_of(kind, language) for language in get_content(edition).edition.languages]
        return render(request, "office/settings/mail.html", {"kind": kind, "texts": texts})
    language = get_language() or "en"
    mails = [(each, wording_of(each, language).subject) for each in mail_kinds()]
    return render(request, "office/settings/mails.html", {"mails": mails})


@office_page(Permission.SEE_EDITION)
def show_roles(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show who holds which role; desks that may not see accounts see how many."""
    edition_of(request, edition_slug)
    words = {
        "holders": list(holders_by_role().items()),
        "sees_people": permits(request.roles, Permission.SEE_PEOPLE),
        "names": permits(request.roles, Permission.SEE_PEOPLE) or permits(request.roles, Permission.CHANGE_EDITION),
    }
    return render(request, "office/settings/roles.html", words)
