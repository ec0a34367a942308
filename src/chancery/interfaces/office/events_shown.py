"""The trail in words: what happened, who did it, when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.audit.actors import ActorKind
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.interfaces.office.facts_shown import Subject, facts_shown, subjects_shown

MOST = 200
AMOUNT = "_minor"  # how the facts that are amounts end

WORDS: dict[str, Promise] = {
    Event.ACCESS_RESET: gettext_lazy("Password and second factor taken away: let in anew"),
    Event.ACCOUNT_INVITED: gettext_lazy("Account invited"),
    Event.PASSWORD_SET: gettext_lazy("Password set"),
    Event.SECOND_FACTOR_SET: gettext_lazy("Second factor set up"),
    Event.RECOVERY_CODES_RENEWED: gettext_lazy("New recovery codes made"),
    Event.PASSKEY_ADDED: gettext_lazy("Passkey added"),
    Event.PASSKEY_REMOVED: gettext_lazy("Passkey removed"),
    Event.PASSKEY_REFUSED: gettext_lazy("Passkey refused: its counter went back"),
    Event.PERSON_ADDED: gettext_lazy("Person added"),
    Event.ROLE_GRANTED: gettext_lazy("Role given"),
    Event.ROLE_REVOKED: gettext_lazy("Role taken"),
    Event.LIST_EXPORTED: gettext_lazy("List exported"),
    Event.PERSON_NAMED: gettext_lazy("Name given"),
    Event.PERSON_ERASED: gettext_lazy("Person erased"),
    Event.DATA_ASKED: gettext_lazy("Copy of one's data asked for"),
    Event.DATA_COPY_DELETED: gettext_lazy("Copy of one's data deleted, its week was over"),
    Event.DATA_DISCLOSED: gettext_lazy("Copy of one's data made"),
    Event.APPLICATION_ERASED: gettext_lazy("Words of the application deleted, its time was over or its owner asked"),
    Event.PAPERS_ERASED: gettext_lazy("Letters of support deleted, their time was over"),
    Event.MAIL_ERASED: gettext_lazy("Words of a mail deleted, their time was over"),
    Event.NOTICE_ERASED: gettext_lazy("Letter of leaving deleted, its time was over"),
    Event.MAIL_RESENT: gettext_lazy("Mail sent again"),
    Event.MAIL_WITHHELD: gettext_lazy("Mail held back"),
    Event.MAIL_RECEIVED: gettext_lazy("Mail received"),
    Event.AUTHORITY_ADDED: gettext_lazy("Authority added"),
    Event.STANDING_DECIDED: gettext_lazy("Standing of an authority decided"),
    Event.MEMBERSHIPS_IMPORTED: gettext_lazy("Memberships imported"),
    Event.EDITION_LOADED: gettext_lazy("Edition file loaded"),
    Event.EDITION_SETTING_CHANGED: gettext_lazy("Setting changed"),
    Event.EDITION_SETTINGS_PROPOSED: gettext_lazy("Other account proposed"),
    Event.EDITION_SETTINGS_APPROVED: gettext_lazy("Other account approved"),
    Event.EDITION_SETTINGS_REJECTED: gettext_lazy("Other account rejected"),
    Event.EDITION_DATES_CONFIRMED: gettext_lazy("Dates confirmed"),
    Event.EDITION_DATES_MOVED: gettext_lazy("Dates moved"),
    Event.EDITION_CALLED_OFF: gettext_lazy("Edition called off"),
    Event.APPLICATION_ENDED: gettext_lazy("Application ended with its edition"),
    Event.PLACE_SUBSTITUTED: gettext_lazy("Place handed over to a colleague"),
    Event.PLACE_MOVED: gettext_lazy("Place moved to the next edition"),
    Event.EDITION_CHOICE_ASKED: gettext_lazy("Asked: next edition or the money back"),
    Event.EDITION_CHOSEN: gettext_lazy("Chosen: next edition or the money back"),
    Event.SUBSTITUTE_NAMED: gettext_lazy("Colleague named to come instead"),
    Event.SUBSTITUTE_CONFIRMED: gettext_lazy("Colleague said yes"),
    Event.SUBSTITUTE_REFUSED: gettext_lazy("Colleague refused"),
    Event.SUBSTITUTE_DROPPED: gettext_lazy("Colleague does not come instead"),
    Event.APPLICATION_STARTED: gettext_lazy("Application started"),
    Event.APPLICATION_SUBMITTED: gettext_lazy("Application sent"),
    Event.APPLICATION_WITHDRAWN: gettext_lazy("Application withdrawn"),
    Event.APPLICATION_EXPIRED: gettext_lazy("Draft expired"),
    Event.SUPPLEMENT_ASKED: gettext_lazy("Asked for what is missing"),
    Event.SUPPLEMENT_SENT: gettext_lazy("What was missing sent"),
    Event.SUPPLEMENT_MISSED: gettext_lazy("Let expire: what was missing did not come"),
    Event.LATIN_NAME_ASKED: gettext_lazy("Asked for the name in Latin letters"),
    Event.FILE_ATTACHED: gettext_lazy("File attached"),
    Event.FILE_REMOVED: gettext_lazy("File removed"),
    Event.GROUP_OPENED: gettext_lazy("Group opened"),
    Event.GROUP_JOINED: gettext_lazy("Group joined"),
    Event.GROUP_LEFT: gettext_lazy("Group left"),
    Event.ASSESSORS_ASSIGNED: gettext_lazy("Readers asked"),
    Event.ASSESSMENT_SUBMITTED: gettext_lazy("Assessment sent"),
    Event.INTEREST_DECLARED: gettext_lazy("A reader stepped back"),
    Event.MESSAGE_SENT: gettext_lazy("Message sent to the applicant"),
    Event.MESSAGE_RECEIVED: gettext_lazy("Message from the applicant"),
    Event.MESSAGE_VOUCHED_FOR: gettext_lazy("Said that a mail is the applicant's"),
    Event.MESSAGE_LEFT: gettext_lazy("Message needs no answer"),
    Event.CALL_LOGGED: gettext_lazy("Call logged"),
    Event.NOTE_WRITTEN: gettext_lazy("Internal note written"),
    Event.DECISION_DRAFTED: gettext_lazy("Decision drafted"),
    Event.DECISION_DROPPED: gettext_lazy("Draft taken back"),
    Event.DECISION_RELEASED: gettext_lazy("Decision given out"),
    Event.SECOND_PAYER_NAMED: gettext_lazy("Second payer named"),
    Event.SECOND_PAYER_CLOSED: gettext_lazy("Second payer: billed or withdrawn"),
    Event.FEE_QUOTED: gettext_lazy("Fee worked out"),
    Event.FEE_EXCEPTION_PROPOSED: gettext_lazy("Fee exception proposed"),
    Event.FEE_EXCEPTION_APPROVED: gettext_lazy("Fee exception approved"),
    Event.FEE_EXCEPTION_REJECTED: gettext_lazy("Fee exception rejected"),
    Event.BILLING_PARTY_NAMED: gettext_lazy("Payer named"),
    Event.INVOICE_ISSUED: gettext_lazy("Invoice issued"),
    Event.INVOICE_RECORDED: gettext_lazy("Outside invoice recorded"),
    Event.PRO_FORMA_WRITTEN: gettext_lazy("Pro-forma written"),
    Event.CREDIT_NOTE_ISSUED: gettext_lazy("Credit note issued"),
    Event.MAPPING_SAVED: gettext_lazy("Columns of a bank's CSV file saved"),
    Event.MAPPING_DELETED: gettext_lazy("Columns of a bank's CSV file deleted"),
    Event.ACCOUNT_NAMED: gettext_lazy("Bank account of ours put on file"),
    Event.FEED_CHANGED: gettext_lazy("Another kind of file books a bank account"),
    Event.STATEMENT_ACCEPTED: gettext_lazy("Bank statement taken in"),
    Event.STATEMENT_REFUSED: gettext_lazy("Bank statement refused"),
    Event.ENTRY_ALLOCATED: gettext_lazy("Money booked"),
    Event.ALLOCATION_REVERSED: gettext_lazy("Booking taken back"),
    Event.ENTRY_COUNTED: gettext_lazy("Bank line counted as money of its own"),
    Event.ENTRY_LEFT_OUT: gettext_lazy("Bank line left out as told before"),
    Event.ENTRY_CORRECTED: gettext_lazy("Sum of a bank line corrected"),
    Event.CORRECTION_REVERSED: gettext_lazy("Correction of a bank line taken back"),
    Event.ENTRY_PARKED: gettext_lazy("Money put in suspense"),
    Event.ENTRY_RETURNED: gettext_lazy("Money taken back, joined with its line"),
    Event.ENTRY_TRANSFERRED: gettext_lazy("Money moved between two accounts of ours, joined with its line"),
    Event.RETURN_PARTED: gettext_lazy("Line parted from the one that it was joined with"),
    Event.ENTRY_KEPT_TO_RETURN: gettext_lazy("Money set aside to be given back"),
    Event.WRITE_OFF_BOOKED: gettext_lazy("Missing rest written off"),
    Event.WRITE_OFF_REVERSED: gettext_lazy("Write-off taken back"),
    Event.COST_BOOKED: gettext_lazy("Money booked as a cost"),
    Event.COST_REVERSED: gettext_lazy("Cost taken back"),
    Event.PROOF_SEEN: gettext_lazy("Proof of transfer uploaded"),
    Event.REFUND_PROPOSED: gettext_lazy("Refund proposed"),
    Event.REFUND_APPROVED: gettext_lazy("Refund approved"),
    Event.REFUND_REJECTED: gettext_lazy("Refund not approved"),
    Event.REFUND_WITHDRAWN: gettext_lazy("Refund withdrawn: what it rested on was taken back"),
    Event.REFUND_EXPORTED: gettext_lazy("Refund put into a file for the bank"),
    Event.REFUND_SENT: gettext_lazy("Refund sent: its debit is on the statement"),
    Event.REFUND_FAILED: gettext_lazy("Refund failed"),
    Event.REFUND_CAME_BACK: gettext_lazy("Refund came back from the bank"),
    Event.REFUND_DEBIT_SEEN: gettext_lazy("Debit of a refund seen that had come back"),
    Event.REFUND_LEAVING_UNDONE: gettext_lazy("Refund did not leave with the line named for it"),
    Event.REFUND_COMING_BACK_UNDONE: gettext_lazy("Refund did not come back with the line named for it"),
    Event.REFUND_PAYING_ACCOUNT_CHOSEN: gettext_lazy("Account chosen that a refund leaves from"),
    Event.REFUND_SET_OFF: gettext_lazy("Money of a refund booked to another bill"),
    Event.REFUND_MONEY_GONE: gettext_lazy("Money of a refund no longer at its line"),
    Event.REFUND_OWED_AGAIN: gettext_lazy("Money of a refund owed again"),
    Event.REFUND_ACCOUNT_NAMED: gettext_lazy("Account of a refund named"),
    Event.HOLD_RELEASED: gettext_lazy("Payment of a held country let pass"),
    Event.DONE_ALONE: gettext_lazy("Done by one person alone, as the edition allows"),
    Event.PLACE_RESERVED: gettext_lazy("Place reserved"),
    Event.PLACE_CHARGED: gettext_lazy("Price of the place set"),
    Event.PLACE_GUARANTEED: gettext_lazy("Place guaranteed"),
    Event.PLACE_UNSURE: gettext_lazy("Place no longer guaranteed"),
    Event.PLACE_LAPSED: gettext_lazy("Place released unpaid"),
    Event.PLACE_CANCELLED: gettext_lazy("Place cancelled"),
    Event.PLACE_GIVEN_UP: gettext_lazy("Place given up"),
    Event.NOTICE_RECEIVED: gettext_lazy("Letter of leaving received"),
    Event.NOTICE_RECOUNTED: gettext_lazy("Money booked later counted for a cancellation"),
    Event.NOTICE_RECOUNT_UNDONE: gettext_lazy("Money booked later no longer counted for a cancellation"),
    Event.NOTICE_DECIDED: gettext_lazy("Letter of leaving decided"),
    Event.WAITING_JOINED: gettext_lazy("Put on the waiting list"),
    Event.WAITING_LEFT: gettext_lazy("Left the waiting list"),
    Event.SEAT_OFFERED: gettext_lazy("Free seat offered"),
    Event.OFFER_ANSWERED: gettext_lazy("Offer of a seat answered or lapsed"),
    Event.OFFER_PROLONGED: gettext_lazy("Offer of a seat prolonged"),
}


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event of the trail: ``about`` and ``said`` in words, ``subject`` and ``facts`` as they were recorded."""

    id: int
    at: datetime
    what: str
    by: str
    about: str
    said: str
    subject: str
    facts: str
    words: str


def shown_events(
    events: QuerySet[AuditEvent], roles: frozenset[Role], *, first: int = 0, most: int = MOST
) -> list[ShownEvent]:
    """Return events in words, newest first, in two queries and one for each kind of subject.

    The trail opens no desk: names, reasons and addresses of participants are for who may see applications, amounts for
    who may see fees.
    """
    rows = list(events[first : first + most])
    ids = {int(number) for row in rows if (number := row.actor.partition(":")[2])}
    accounts = User.objects.filter(pk__in=ids)
    if not permits(roles, Permission.SEE_APPLICATIONS):
        accounts = accounts.filter(grants__isnull=False)  # who holds or held a role of the office
    emails = dict(accounts.values_list("pk", "email"))
    subjects = subjects_shown(rows, with_names=permits(roles, Permission.SEE_APPLICATIONS))
    unnamed = Subject("")
    return [_shown(row, emails, subjects.get((row.subject_kind, row.subject_id), unnamed), roles) for row in rows]


def _shown(row: AuditEvent, emails: dict[int, str], about: Subject, roles: frozenset[Role]) -> ShownEvent:
    part = getattr(row, "personal_part", None) if permits(roles, Permission.SEE_APPLICATIONS) else None
    with_sums = permits(roles, Permission.SEE_FEES)
    hidden = () if with_sums else tuple(key for key in row.facts if key.endswith(AMOUNT))
    return ShownEvent(
        id=row.pk,
        at=row.at,
        what=str(WORDS[row.name]),
        by=_by(row.actor, emails),
        about=about.words,
        said=facts_shown(row, about.currency, with_sums=with_sums),
        subject=f"{row.subject_kind.rpartition('.')[2]} {row.subject_id}",
        facts=", ".join(
            f"{key}: {value}" for key, value in row.facts.items() if value not in ("", None) and key not in hidden
        ),
        words=", ".join(str(value) for value in part.payload.values()) if part else "",
    )


def _by(actor: str, emails: dict[int, str]) -> str:
    kind, _sep, number = actor.partition(":")
    if not number:
        return _("Chancery itself")
    person = emails.get(int(number), _("a participant"))
    return person if kind == ActorKind.USER else _("Chancery itself, as %(person)s had decided") % {"person": person}
