"""When an application may be started, sent, taken back or joined to a group."""

from collections.abc import Iterable
from datetime import timedelta

from chancery.domain.admissions.policies.form import PartStatus
from chancery.domain.admissions.states import GROUP_OPEN, MOVES, ApplicationState
from chancery.foundation.privacy.retention import period
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

IDLE_DRAFT_LASTS = timedelta(days=period("idle_draft").days)
NOT_A_DRAFT = "application_already_sent"
PARTS_OPEN = "parts_open"
TERMS_CHANGED = "terms_changed"
TERMS_NOT_ACCEPTED = "terms_not_accepted"
PLACE_EXISTS = "place_exists"
NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
OTHER_EDITION = "group_of_another_edition"
ALREADY_IN_A_GROUP = "already_in_a_group"
NOT_IN_A_GROUP = "not_in_a_group"
DECIDED = "application_decided"


def may_save(state: ApplicationState, window: Ruling) -> Ruling:
    """Tell whether answers may still change: a draft, while the call is open."""
    if state is not ApplicationState.DRAFT:
        return refusal(NOT_A_DRAFT)
    return window


def may_submit(
    state: ApplicationState,
    parts: Iterable[PartStatus],
    window: Ruling,
    *,
    accepted_version: int | None,
    current_version: int,
) -> Ruling:
    """Tell whether the application may be sent now; the terms accepted must be those in force (promise B5)."""
    saving = may_save(state, window)
    if not saving:
        return saving
    if any(status is not PartStatus.COMPLETED for status in parts):
        return refusal(PARTS_OPEN)
    if accepted_version is None:
        return refusal(TERMS_NOT_ACCEPTED)
    if accepted_version != current_version:
        return refusal(TERMS_CHANGED)
    return ALLOWED


def may_withdraw(state: ApplicationState) -> Ruling:
    """Tell whether the applicant may take the application back: freely until a place exists (promise B1)."""
    if state is ApplicationState.ADMITTED:
        return refusal(PLACE_EXISTS)
    if ApplicationState.WITHDRAWN not in MOVES[state]:
        return refusal(NOTHING_TO_WITHDRAW)
    return ALLOWED


def may_join_group(state: ApplicationState, *, edition_id: int, group_edition_id: int, group_id: int | None) -> Ruling:
    """Tell whether an application may join a group: one group, of its own edition, before the decision."""
    if group_edition_id != edition_id:
        return refusal(OTHER_EDITION)
    if group_id is not None:
        return refusal(ALREADY_IN_A_GROUP)
    return may_change_group(state)


def may_change_group(state: ApplicationState) -> Ruling:
    """Tell whether belonging to a group may still change: not once a decision is drafted."""
    return ALLOWED if state in GROUP_OPEN else refusal(DECIDED)
