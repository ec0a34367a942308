"""The lists of the finance desk as sheets."""

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.models import BankEntry, Refund, StatementFile
from chancery.domain.billing.states import FileState, RefundState
from chancery.foundation.money import Money
from chancery.interfaces.office.money_shown import reason_words
from chancery.interfaces.office.reasons_shown import noted_words
from chancery.interfaces.office.sheets import Sheet

CHUNK = 500
REFUND_STATES: dict[str, Promise] = {
    RefundState.PROPOSED: gettext_lazy("Second person checks"),
    RefundState.APPROVED: gettext_lazy("Approved, to be paid"),
    RefundState.EXPORTED: gettext_lazy("With our bank"),
    RefundState.SENT: gettext_lazy("Has left our bank"),
    RefundState.FAILED: gettext_lazy("Came to nothing"),
    RefundState.REJECTED: gettext_lazy("Rejected"),
    RefundState.WITHDRAWN: gettext_lazy("Withdrawn"),
}
FILE_STATES: dict[str, Promise] = {
    FileState.ACCEPTED: gettext_lazy("taken in"),
    FileState.REFUSED: gettext_lazy("refused"),
    FileState.READING: gettext_lazy("being read"),
}


def statements_sheet(files: QuerySet[StatementFile]) -> Sheet:
    """Return the statement files with what was read of each."""
    head = (_("File"), _("Format"), _("State"), _("Lines"), _("New"), _("When"))
    rows = (
        (
            file.name,
            file.format,
            str(FILE_STATES.get(file.state, file.state)),
            file.report.get("entries"),
            file.report.get("new"),
            file.started_at,
        )
        for file in files.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def lines_sheet(lines: QuerySet[BankEntry]) -> Sheet:
    """Return bank lines with what is left of each and why it stands there."""
    head = (
        _("Payer"),
        _("IBAN"),
        _("Text"),
        _("Sum"),
        _("Left"),
        _("Currency"),
        _("Value day"),
        _("Why it stands here"),
        _("Note"),
    )
    rows = (
        (
            line.payer_name,
            line.payer_iban,
            line.remittance,
            Money(line.amount_minor, line.currency).decimal,
            Money(line.balance.left_minor, line.currency).decimal,
            line.currency,
            line.value_date,
            "; ".join(reason_words(line.balance.reasons)),
            noted_words(line.balance.note),
        )
        for line in lines.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def refunds_sheet(refunds: QuerySet[Refund]) -> Sheet:
    """Return refunds by the day they are due."""
    head = (_("To whom"), _("IBAN"), _("By hand"), _("Amount"), _("Currency"), _("State"), _("Due"), _("Credit note"))
    rows = (
        (
            refund.name,
            refund.iban,
            refund.by_hand,
            Money(refund.amount_minor, refund.currency).decimal,
            refund.currency,
            str(REFUND_STATES.get(refund.state, refund.state)),
            refund.due_on,
            refund.credit_note.number if refund.credit_note else "",
        )
        for refund in refunds.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)
