"""The outbox by state, each mail as it leaves, sending again and holding back; replies that nobody has read."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.admissions.queries.lookup import list_files_named
from chancery.domain.enrollment.queries.retention import rows_with_money
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.models import IncomingHandling, OutgoingMail
from chancery.foundation.mail.queries import count_by_state, list_mail
from chancery.foundation.mail.sending import message_of
from chancery.foundation.mail.services import resend_mail, withhold_mail
from chancery.foundation.mail.states import DeliveryState, MailClass
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks import heartbeats
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.mail_shown import STATES, shown_mails
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import mail_sheet

PAGE = 50
UNREAD_SHOWN = 50
LONGEST_QUERY = 100


@office_page(Permission.SEE_MAIL)
@keeps_views("list-mail")
def list_outbox(request: OfficeRequest) -> HttpResponseBase:
    """Show the mails, newest first, of one state or of all."""
    state = request.GET.get("state", "")
    state = state if state in set(DeliveryState) else ""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    named = rows_with_money(list_files_named(query)) if query else []
    mails = shown_mails(list_mail(state=state, words=query, named=named), request.roles)
    if is_sheet_asked(request):
        words_of = {key.value: label for key, (_tone, label) in STATES.items()}
        return give_sheet(request, "mail", mail_sheet(mails, words_of))
    page = Paginator(mails, PAGE).get_page(request.GET.get("page"))
    counts = count_by_state(shown_mails(list_mail(), request.roles))
    words = {
        "rows": [_row(mail) for mail in page],
        "pages": page_links(request, page.number, page.paginator.num_pages),
        "states": [
            Link(f"{label} {counts.get(key, 0)}", f"?state={key}", current=key == state)
            for key, (_tone, label) in STATES.items()
        ],
        "state": state,
        "query": query,
        "has_mailbox": bool(settings.IMAP_URL),
        "read_at": heartbeats.noted_at("mailbox read"),
        "tried_at": heartbeats.noted_at("mailbox tried"),
        "unread": IncomingHandling.objects.filter(handled_at=None, kind__in=[MailClass.REPLY, MailClass.OTHER])
        .select_related("mail")
        .order_by("-mail__received_at")[:UNREAD_SHOWN],
    }
    return render(request, "office/mail/outbox.html", words)


@office_page(Permission.SEE_MAIL)
def show_mail(request: OfficeRequest, mail_id: int) -> HttpResponse:
    """Show one mail as its reader gets it."""
    return _page(request, _mail(request, mail_id))


@office_page(Permission.SEE_MAIL)
def download_mail(request: OfficeRequest, mail_id: int) -> HttpResponse:
    """Give a mail out as the file that a mail program opens."""
    mail = _mail(request, mail_id)
    if not _has_left(mail) or _content(mail) is None:
        raise Http404
    raw = message_of(mail, now=mail.delivery.sent_at or mail.queued_at).message().as_bytes()
    response = HttpResponse(raw, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    return response


@office_page(Permission.SEE_MAIL)
def open_document(request: OfficeRequest, mail_id: int, document_id: int) -> HttpResponse:
    """Give out a document that travels with a mail, once it is made."""
    attached = get_object_or_404(
        _mail(request, mail_id).documents.select_related("document__rendering__file"),
        document=document_id,
        document__rendering__isnull=False,
    )
    response = HttpResponse(read_bytes(attached.document.rendering.file), content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=attached.document.filename)
    response["Content-Disposition"] = name or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@office_page(Permission.RESEND_MAIL)
@require_POST
@sent_once
def send_again(request: OfficeRequest, mail_id: int) -> HttpResponse:
    """Put a mail that left, failed or is withheld back into the queue."""
    try:
        resend_mail(mail_id=_mail(request, mail_id).pk, actor=request.actor, now=clock.now())
    except Refused as refused:
        return _page(request, _mail(request, mail_id), status=409, refused=reasons_in_words(refused))
    messages.success(request, _("The mail waits to be sent again."))
    return redirect("show-mail", mail_id)


@office_page(Permission.RESEND_MAIL)
@require_POST
@sent_once
def hold_back(request: OfficeRequest, mail_id: int) -> HttpResponse:
    """Hold back a mail that waits or failed, until somebody sends it."""
    try:
        withhold_mail(mail_id=_mail(request, mail_id).pk, actor=request.actor, now=clock.now())
    except Refused as refused:
        return _page(request, _mail(request, mail_id), status=409, refused=reasons_in_words(refused))
    messages.success(request, _("The mail is held back. It leaves only when somebody sends it."))
    return redirect("show-mail", mail_id)


def _mail(request: OfficeRequest, mail_id: int) -> OutgoingMail:
    mails = shown_mails(list_mail(), request.roles).prefetch_related("documents__document__rendering")
    return get_object_or_404(mails, pk=mail_id)


def _page(
    request: OfficeRequest, mail: OutgoingMail, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    words = {
        "row": _row(mail),
        "mail": mail,
        "may_resend": permits(request.roles, Permission.RESEND_MAIL),
        "refused": refused,
        "may_hold": mail.delivery.state in {DeliveryState.QUEUED, DeliveryState.FAILED},
        "has_file": _has_left(mail),
        "back": Link(_("Mail"), reverse("list-mail")),
    }
    return render(request, "office/mail/mail.html", words, status=status)


def _has_left(mail: OutgoingMail) -> bool:
    return mail.delivery.state == DeliveryState.SENT and mail.delivery.sent_at is not None


def _row(mail: OutgoingMail) -> dict[str, object]:
    state = DeliveryState(mail.delivery.state)
    tone, label = STATES[state]
    on_its_way = state in {DeliveryState.QUEUED, DeliveryState.SENDING}
    return {"mail": mail, "tone": tone, "state": str(label), "on_its_way": on_its_way, "content": _content(mail)}


def _content(mail: OutgoingMail) -> object:
    return getattr(mail, "content", None)
