"""Change the account of an edition, or who guards it: one person proposes, another approves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from chancery.domain.programme.models import Edition, SettingsProposal
from chancery.domain.programme.policies import Guarded, may_finish_alone
from chancery.domain.programme.queries import get_content, open_proposal
from chancery.domain.programme.services.changing import (
    SettingIsGuarded,
    draft_changes,
    lock_as_seen,
    write_draft,
)
from chancery.domain.programme.states import ProposalState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class ProposalOpen(Refused):
    """Another change of the account waits for somebody already."""


@transaction.atomic
def propose_settings(
    *, edition_id: int, seen: int, wanted: Mapping[str, Any], actor: Actor, now: datetime
) -> SettingsProposal:
    """Propose other values for the account; nothing changes before another person approves.

    :raises SettingsSeenBefore: when the edition has changed since ``seen``.
    :raises ProposalOpen: when a proposal waits already.
    :raises chancery.domain.programme.services.SettingsUnchanged: when no value differs.
    :raises chancery.domain.programme.readers.EditionRefused: when the values hold errors.
    """
    edition = lock_as_seen(edition_id, seen)
    if open_proposal(edition):
        raise ProposalOpen(refusal("proposal_open"))
    draft = draft_changes(edition, wanted)
    if not all(change.entry.is_guarded for change in draft.changes):
        raise SettingIsGuarded(refusal("account_alone"))

    proposal = SettingsProposal.objects.create(
        edition=edition,
        wanted={change.name: change.wanted for change in draft.changes},
        proposed_by=actor.reference,
        proposed_at=now,
    )
    facts = {"proposal": proposal.pk, "keys": ", ".join(proposal.wanted)}
    record(Event.EDITION_SETTINGS_PROPOSED, actor=actor, subject=edition, now=now, facts=facts)
    return proposal


@transaction.atomic
def decide_settings(*, proposal_id: int, approved: bool, actor: Actor, now: datetime) -> SettingsProposal:
    """Approve or reject other values for the account; a decided proposal stays as it is.

    The rule that holds now decides whether the same person may, so that nobody loosens it alone for themselves.

    :raises SettingIsGuarded: when whoever proposed approves, unless the edition lets one person do both.
    """
    edition_id = SettingsProposal.objects.values_list("edition", flat=True).get(pk=proposal_id)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition_id)
    proposal = SettingsProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    if proposal.state != ProposalState.PROPOSED:
        return proposal
    alone = proposal.proposed_by == actor.reference
    ruling = may_finish_alone(get_content(edition).payment.four_eyes, Guarded.ACCOUNT)
    if alone and not ruling:
        raise SettingIsGuarded(ruling)

    proposal.state = ProposalState.APPROVED if approved else ProposalState.REJECTED
    proposal.decided_by, proposal.decided_at, proposal.alone = actor.reference, now, alone
    proposal.save(update_fields=["state", "decided_by", "decided_at", "alone"])
    if approved:
        write_draft(edition=edition, draft=draft_changes(edition, proposal.wanted), actor=actor, now=now)
    name = Event.EDITION_SETTINGS_APPROVED if approved else Event.EDITION_SETTINGS_REJECTED
    record(name, actor=actor, subject=edition, now=now, facts={"proposal": proposal.pk})
    if alone:
        record(Event.DONE_ALONE, actor=actor, subject=edition, now=now, facts={"act": Guarded.ACCOUNT.value})
    return proposal
