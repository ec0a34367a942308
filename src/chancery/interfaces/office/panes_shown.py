"""The panes beside an application, in words: assess, dialogue, decide, history."""

from datetime import date, datetime
from typing import Any

from django.forms import Form
from django.utils.translation import get_language

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.deciding import may_decline
from chancery.domain.admissions.queries.assessing import list_assessments, list_visible_assessments
from chancery.domain.admissions.queries.deciding import current_decision
from chancery.domain.admissions.queries.dialogue import dialogue_facts, doubts_about, list_dialogue
from chancery.domain.admissions.queries.groups import count_members
from chancery.domain.admissions.queries.supplement import expiry_ruling, open_request
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.states import MOVES, ApplicationState, DeclineReason, Outcome
from chancery.domain.admissions.wording import OUTCOMES, REASONS
from chancery.domain.billing.queries.pricing import price_for_application
from chancery.domain.billing.words import line_words, open_fact_words
from chancery.domain.enrollment.queries import count_seats, find_place
from chancery.domain.programme.queries import get_content
from chancery.foundation.accounts.queries import list_holders
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.queries import list_events
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import local_day
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import earliest_due
from chancery.foundation.ui.parts import PriceLine
from chancery.interfaces.office.access import OfficeRequest
from chancery.interfaces.office.applications_shown import days_left_text
from chancery.interfaces.office.events_shown import shown_events
from chancery.interfaces.office.forms.admissions import AssessorsForm, CallForm, DecisionForm, MessageForm, NoteForm
from chancery.interfaces.office.forms.supplement import MissingForm
from chancery.journey.correspond import default_wish
from chancery.journey.supplement import opened_labels

PANES = ("assess", "dialogue", "decide", "history")
ASSESS, DIALOGUE, DECIDE, HISTORY = PANES


def pane_words(
    pane: str, request: OfficeRequest, application: Application, *, form: Form | None, now: datetime
) -> dict[str, Any]:
    """Return the context of a pane; ``form`` is the one that was refused, shown again where it belongs."""
    return _WORDS[pane](request, application, form, now)


def _assess_words(request: OfficeRequest, application: Application, form: Form | None, now: datetime) -> dict[str, Any]:
    rows = list(list_assessments(application))
    visible = list_visible_assessments(application, request.user, sees_applications=True)
    language = get_language() or "en"
    criteria = get_content(application.edition).criteria
    asked = form if isinstance(form, AssessorsForm) else AssessorsForm(holders=list_holders(Role.ASSESSOR))
    return {
        "assessments": rows,
        "visible": visible,
        "score_rows": [
            (
                f"{criterion.label.say(language)} ({criterion.lowest}\u2013{criterion.highest})",
                [each.scores.get(criterion.key, "") for each in visible],
            )
            for criterion in criteria
        ],
        "readers_form": asked,
        **_missing_words(application, form, now),
    }


def _missing_words(application: Application, form: Form | None, now: datetime) -> dict[str, Any]:
    """Return the act to ask for what is missing, or what is asked for and whether it may end by now."""
    state, request = ApplicationState(application.state), open_request(application)
    may_ask = ApplicationState.INCOMPLETE in MOVES[state]
    asked = form if isinstance(form, MissingForm) else MissingForm(prefix="missing", application=application)
    return {
        "missing_form": asked if may_ask else None,
        "missing_wish": default_wish(application.edition, now=now) if may_ask else None,
        "asked": request,
        "asked_labels": opened_labels(application, request.asked, get_language() or "en") if request else [],
        "expiry": expiry_ruling(application, now=now) if request else None,
    }


def _dialogue_words(
    request: OfficeRequest, application: Application, form: Form | None, now: datetime
) -> dict[str, Any]:
    due = earliest_due(application, (ObligationKind.ANSWER,))
    return {
        "thread": _thread(application, request.roles),
        "message_form": form if isinstance(form, MessageForm) else MessageForm(prefix="message"),
        "call_form": form if isinstance(form, CallForm) else CallForm(prefix="call"),
        "note_form": form if isinstance(form, NoteForm) else NoteForm(prefix="note"),
        "wish": default_wish(application.edition, now=now),
        "answer_due": due,
        "answer_late": days_left_text(due, application.edition, now=now) if due and due < now else "",
    }


def _thread(application: Application, roles: frozenset[Role]) -> list[dict[str, Any]]:
    """Return what was said, and where somebody said that a message needs no answer, oldest first."""
    entries = list(list_dialogue(application))
    doubts = doubts_about(application, entries)
    said = [{"at": entry.at, "entry": entry, "doubt": doubts.get(entry.pk)} for entry in entries]
    left = shown_events(list_events(ref(application)).filter(name=Event.MESSAGE_LEFT), roles)
    return sorted([*said, *({"at": each.at, "left": each} for each in left)], key=lambda each: each["at"])


def _decide_words(request: OfficeRequest, application: Application, form: Form | None, now: datetime) -> dict[str, Any]:
    decision = current_decision(application)
    zone = get_content(application.edition).edition.zone
    price = _price(application, local_day(now, zone)) if permits(request.roles, Permission.SEE_FEES) else None
    return {
        "decision": decision,
        "decision_outcome": OUTCOMES[Outcome(decision.outcome)] if decision else "",
        "decision_reason": REASONS[DeclineReason(decision.reason)] if decision and decision.reason else "",
        "talked": bool(may_decline(dialogue_facts(application, zone))),
        "seats": count_seats(application.edition),
        "place": find_place(application.pk),
        "price": price,
        "decision_form": form if isinstance(form, DecisionForm) else DecisionForm(prefix="decision"),
    }


def _history_words(
    request: OfficeRequest, application: Application, form: Form | None, now: datetime
) -> dict[str, Any]:
    trail = list_events(ref(application))
    place = find_place(application.pk)
    return {"events": shown_events(trail | list_events(ref(place)) if place else trail, request.roles)}


def _price(application: Application, today: date) -> dict[str, Any] | None:
    if application.terms is None or application.authority is None:
        return None
    terms = frozen_rule(application)
    size = count_members(application.group)
    answer = price_for_application(application=application, terms=terms, group_size=size, on=today).answer
    return {
        "lines": [PriceLine(line_words(line.reason), line.amount_minor) for line in answer.lines],
        "total": answer.fee_minor,
        "currency": answer.currency,
        "size": size,
        "officer": [open_fact_words(reason) for reason in answer.reasons] if answer.officer_decides else [],
        "demo": terms.demo,
    }


_WORDS = {
    ASSESS: _assess_words,
    DIALOGUE: _dialogue_words,
    DECIDE: _decide_words,
    HISTORY: _history_words,
}
