"""Pages of the settings that only show: what each mail says, and who holds which role."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers import SettingsPart
from chancery.domain.programme.readers.mail_words import MAIL_KINDS, block_of
from chancery.foundation.accounts.queries import holders_by_role
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.mail.wording import mail_kinds, wording_of
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.mails_shown import kinds_with_words, mail_shown
from chancery.interfaces.office.settings_shown import address_of


@office_page(Permission.SEE_EDITION)
def show_mails(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show the subjects of all mails, or one mail in every language of the edition side by side."""
    edition, kind = edition_of(request, edition_slug), request.GET.get("of", "")
    file = get_content(edition)
    if kind and kind not in mail_kinds():
        raise Http404
    if kind:
        row = f"text.{block_of(kind)}"
        words = {
            "kind": kind,
            "mails": [mail_shown(edition, file, kind, language) for language in file.edition.languages],
            "change": address_of(edition, SettingsPart.MAILS, row) if kind in MAIL_KINDS else "",
            "may_change": permits(request.roles, Permission.CHANGE_EDITION),
        }
        return render(request, "office/settings/mail.html", words)
    language, said = get_language() or "en", kinds_with_words(file)
    mails = [(each, wording_of(each, language).subject, each in said) for each in mail_kinds()]
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
