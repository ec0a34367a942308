"""The page of a bank line beside its candidates, and the sheet on which it is spread over bills."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.billing.models import BankEntry
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.batches import list_batch_parts
from chancery.domain.billing.queries.coming_back import is_sure_return, list_that_may_have_come_back
from chancery.domain.billing.queries.corrections import difference_of, find_correction, list_corrections
from chancery.domain.billing.queries.holds import holds_of_payment
from chancery.domain.billing.queries.leavings import is_sure_leaving
from chancery.domain.billing.queries.refunds import list_owed, list_refunds
from chancery.domain.billing.queries.returned_lines import find_return
from chancery.domain.billing.queries.suggestions import (
    list_bills_taken_back,
    list_suggestions,
    look_bills_up,
    may_be_written_off,
    suggested_bills,
)
from chancery.domain.billing.states import Contest
from chancery.domain.enrollment.queries import bills_of_held_places, list_ended_bills
from chancery.domain.enrollment.queries.differences import list_differences_of
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.figures import whole_numbers
from chancery.interfaces.office.access import OfficeRequest
from chancery.interfaces.office.holds_shown import hold_words
from chancery.interfaces.office.money_shown import CONTESTS, reason_words
from chancery.interfaces.office.returns_shown import (
    counterparts_shown,
    leavings_shown,
    returns_shown,
    together_shown,
)
from chancery.interfaces.office.splitting_shown import split_sheet
from chancery.interfaces.office.suggestions_shown import CandidateShown, candidates_shown, found_bills_shown
from chancery.journey import reconcile, recount


def line_page(
    request: OfficeRequest,
    entry: BankEntry,
    *,
    status: int = 200,
    refused: list[str] | None = None,
    target: str = "",
    held: bool = False,
) -> HttpResponse:
    """Show a line; ``refused`` is why an act was refused, ``target`` the id of the field that needs another look."""
    words, contest = request.GET.get("q", "").strip(), bank.find_contest(entry)
    waiting = bank.list_waiting_beside(entry)
    to_decide = waiting.count()
    facts = _facts(request, entry)
    counted = list(list_differences_of(entry)) if facts["allocations"] else []
    more = {
        **facts,
        **_refund_facts(request, entry),
        "candidates": _candidates(request, entry, words),
        "counts": recount.list_counts(entry),
        "counted": counted,
        "bills_kept": {each.bill_id for each in counted if not hasattr(each, "undone")},
        "counterparts": counterparts_shown(entry),
        "parts": list_batch_parts(entry, ended=list_ended_bills()) if entry.items.exists() else [],
        "held": held,
        "holds": hold_words(holds_of_payment(entry, suggested_bills(entry.pk))),
        "release": getattr(entry, "release", None),
        "may_release": permits(request.roles, Permission.RELEASE_HOLD),
        "contest": contest,
        "difference": difference_of(contest) if contest else 0,
        "correction": find_correction(entry),
        "corrections": list(list_corrections(entry)),
        "contest_words": CONTESTS[Contest(contest.why)] if contest else "",
        "joined": find_return(entry),
        "q": words,
        "refused": refused,
        "target": target,
        "more_words": ngettext("%(n)s more to decide", "%(n)s more to decide", to_decide) % {"n": to_decide}
        if to_decide
        else "",
        "next_line": bank.next_line(entry, waiting),
    }
    return render(request, "office/billing/line.html", more, status=status)


def split_page(
    request: OfficeRequest,
    entry: BankEntry,
    *,
    status: int = 200,
    refused: list[str] | None = None,
    target: str = "",
) -> HttpResponse:
    """Show the sheet of a line; ``refused`` and ``target`` as for its page."""
    words = (request.POST or request.GET).get("q", "").strip()
    chosen = _chosen(request)
    suggested = candidates_shown(entry, list_suggestions(entry))
    sheet = split_sheet(entry, chosen, request.POST, suggested)
    listed = _candidates(request, entry, words) if words else suggested
    found = [each for each in listed if len(each.parts) == 1 and each.parts[0].amount_minor]
    more = {
        **_facts(request, entry),
        "sheet": sheet,
        "others": [each for each in found if each.parts[0].invoice.pk not in chosen],
        "chosen": chosen,
        "q": words,
        "refused": refused,
        "target": target,
    }
    return render(request, "office/billing/split.html", more, status=status)


def _chosen(request: OfficeRequest) -> list[int]:
    """Return the bills of the sheet, as its address names them, or its form, which may add one or take one out."""
    sent = request.POST
    keys = [*sent.getlist("invoice"), *sent.getlist("bill")] if sent else request.GET.getlist("bill")
    out = whole_numbers(sent.getlist("out"))
    return [key for key in dict.fromkeys(whole_numbers(keys)) if key not in out]


def _facts(request: OfficeRequest, entry: BankEntry) -> dict[str, Any]:
    allocations = list(bank.list_allocations(entry))
    return {
        "line": entry,
        "left": entry.balance.left_minor,
        "reasons": reason_words(entry.balance.reasons),
        "allocations": allocations,
        "short": {row.pk for row in allocations if may_be_written_off(row)},
        "costs": list(bank.list_costs(entry)),
        "owed": list_owed(entry.pk),
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
    }


def _refund_facts(request: OfficeRequest, entry: BankEntry) -> dict[str, Any]:
    """Return which refunds left with a debit or came back with a credit, or may have."""
    left = list(list_refunds().filter(debit=entry)) if entry.amount_minor < 0 else []
    is_used_up = entry.amount_minor > 0 and not entry.balance.left_minor
    came_back = list(list_refunds().filter(came_back=entry)) if is_used_up else []
    returns, together = returns_shown(entry), together_shown(entry, request.POST)
    may_be_refunds = bool(returns or together) and entry.amount_minor > 0
    return {
        "leavings": leavings_shown(entry),
        "together": together,
        "left_refunds": left,
        "may_undo_leaving": left and not any(each.came_back_id or is_sure_leaving(each, entry) for each in left),
        "returns": returns,
        "asks_for_refunds": may_be_refunds and bool(list_that_may_have_come_back([entry.pk])),
        "came_back": came_back,
        "may_undo_coming_back": came_back and not any(is_sure_return(each, entry) for each in came_back),
    }


def _candidates(request: OfficeRequest, entry: BankEntry, words: str) -> list[CandidateShown]:
    if not entry.balance.left_minor:
        return []
    if not words:
        listed = candidates_shown(entry, list_suggestions(entry))
        known = {each.numbers for each in listed}
        back = candidates_shown(entry, list_bills_taken_back(entry)) if entry.amount_minor < 0 else []
        return [*listed, *(each for each in back if each.numbers not in known)]
    found = found_bills_shown(entry, look_bills_up(entry, words, ended=list_ended_bills()))
    return [_as_typed(each, request) for each in found]


def _as_typed(each: CandidateShown, request: OfficeRequest) -> CandidateShown:
    """Keep what was typed beside the bill that a refused booking named."""
    if request.POST.get("invoice") != str(each.parts[0].invoice.pk):
        return each
    part = replace(each.parts[0], amount=request.POST.get("amount", ""))
    return replace(each, parts=(part,), reason=request.POST.get("reason", ""))


def get_entry(entry_id: int) -> BankEntry:
    """Return a line.

    :raises Http404: when there is none.
    """
    entry = bank.find_line(entry_id)
    if entry is None:
        raise Http404
    return entry


def taken_back_words(moved: reconcile.Moved) -> str:
    """Say that money was taken off a bill, and what that does to its place."""
    words = _("Taken back from %(number)s.")
    if moved.unsettles and bills_of_held_places([moved.invoice.pk]):
        words = _("Taken back from %(number)s: its place is no longer guaranteed, and who has it is told.")
    return words % {"number": moved.invoice.number}


def go_on(entry: BankEntry) -> HttpResponse:
    """Go to the next line that waits, or to the list."""
    waiting = bank.next_line(entry, bank.list_waiting_beside(entry))
    return redirect("show-line", waiting.pk) if waiting else redirect("list-lines")
