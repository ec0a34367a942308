"""Today: what is due, late first; the places; how the clocks were kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.admissions.models import Assessment
from chancery.domain.admissions.queries.deciding import list_drafted
from chancery.domain.billing.queries import bank, exceptions, refunds
from chancery.domain.enrollment.queries import Seats, count_seats, count_to_hand_over
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.queries import count_by_state, list_mail
from chancery.foundation.mail.states import DeliveryState, MailClass
from chancery.foundation.obligations.queries import count_kept
from chancery.foundation.ui.parts import BarLine, DueItem
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.due import ACTS, due_lists
from chancery.interfaces.office.mail_shown import shown_mails


@office_page(Permission.SEE_TODAY)
def see_today(request: OfficeRequest) -> HttpResponse:
    """Show what is due at the desks that the reader may enter."""
    edition, now = get_open_edition(), clock.now()
    if edition is None:
        return render(request, "office/today/no_edition.html")
    request.edition = edition  # type: ignore[attr-defined]  # read by the frame
    seats = count_seats(edition)
    words = {
        "now": now.replace(second=0, microsecond=0),
        "due": due_lists(edition, request.roles, now=now),
        "waiting": _waiting_work(request, edition),
        "seats": seats,
        "bars": _bars(seats),
        "kept": [
            {"what": ACTS.get(kept.kind, kept.kind), "in_time": kept.in_time, "of": kept.of}
            for kept in count_kept(now=now)
        ],
        "mail": _mail(request),
    }
    return render(request, "office/today/today.html", words)


def _waiting_work(request: OfficeRequest, edition: Edition) -> list[DueItem]:
    """Return the heaps without a clock: decisions to give out, readings, bank lines, second signatures."""
    items = []
    if permits(request.roles, Permission.DECIDE_NOTICE):
        named = count_to_hand_over(edition)
        said = ngettext("%(n)s colleague waits for a place", "%(n)s colleagues wait for a place", named) % {"n": named}
        items += _heap(named, _("Substitutes"), reverse("list-substitutions", args=[edition.slug]), said)
    if permits(request.roles, Permission.DRAFT_DECISION):
        drafted = list_drafted(edition.pk).count()
        said = ngettext("%(n)s decision is drafted", "%(n)s decisions are drafted", drafted) % {"n": drafted}
        items += _heap(drafted, _("Decisions"), reverse("list-decisions", args=[edition.slug]), said)
    if permits(request.roles, Permission.ASSESS):
        unread = Assessment.objects.filter(
            assessor=request.user, submitted_at=None, stood_aside_at=None, application__edition=edition
        ).count()
        said = ngettext("%(n)s application to read", "%(n)s applications to read", unread) % {"n": unread}
        items += _heap(unread, _("To read"), reverse("list-readings", args=[edition.slug]), said)
    if permits(request.roles, Permission.MOVE_MONEY):
        lines = bank.list_lines().count()
        said = ngettext("%(n)s line to decide", "%(n)s lines to decide", lines) % {"n": lines}
        items += _heap(lines, _("Bank"), reverse("list-lines"), said)
    if permits(request.roles, Permission.APPROVE_AS_SECOND_PERSON):
        proposed = exceptions.count_to_approve(request.user.pk)
        said = ngettext("%(n)s fee waits for you", "%(n)s fees wait for you", proposed) % {"n": proposed}
        items += _heap(proposed, _("Second person"), reverse("show-second-person"), said)
        waiting = refunds.count_to_approve(request.user.pk)
        said = ngettext("%(n)s refund waits for you", "%(n)s refunds wait for you", waiting) % {"n": waiting}
        items += _heap(waiting, _("Refunds"), reverse("list-refunds"), said)
    return items


def _heap(count: int, label: str, href: str, said: str) -> list[DueItem]:
    return [DueItem(label=label, href=href, detail=said)] if count else []


def _bars(seats: Seats) -> list[BarLine]:
    whole = max(seats.capacity, 1)
    parts = ((_("guaranteed"), seats.guaranteed, 3), (_("reserved"), seats.reserved, 2), (_("free"), seats.free, 1))
    return [BarLine(label, str(count), round(100 * count / whole), series) for label, count, series in parts]


def _mail(request: OfficeRequest) -> dict[str, Any]:
    if not permits(request.roles, Permission.SEE_MAIL):
        return {}
    states = count_by_state(shown_mails(list_mail(), request.roles))
    unread = IncomingHandling.objects.filter(handled_at=None, kind=MailClass.REPLY).count()
    return {
        "failed": states.get(DeliveryState.FAILED, 0) + states.get(DeliveryState.WITHHELD, 0),
        "queued": states.get(DeliveryState.QUEUED, 0) + states.get(DeliveryState.SENDING, 0),
        "sent": states.get(DeliveryState.SENT, 0),
        "unread": unread,
    }
