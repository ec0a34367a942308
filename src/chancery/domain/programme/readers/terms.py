"""From an edition file to the terms that are frozen on an application."""

from chancery.domain.programme.policies import TermsRule
from chancery.domain.programme.readers.edition_file import EditionFile


def terms_from(edition: EditionFile) -> TermsRule:
    """Return the terms of an edition.

    :raises ValueError: when the file holds a contradiction that ``find_contradictions`` calls an error.
    """
    tariff, waiver, group = edition.tariff, edition.waiver, edition.group
    cancellation, invoice = edition.cancellation, edition.invoice
    return TermsRule(
        currency=tariff.currency,
        standard_minor=tariff.standard_minor,
        member_minor=tariff.member_minor,
        demo=tariff.demo,
        reference_year=edition.membership.reference_year,
        waiver_income_classes=waiver.income_classes,
        waiver_fiscal_year=waiver.fiscal_year,
        waiver_needs_contributions=waiver.needs_contributions,
        waiver_share=waiver.share,
        group_from=group.from_size,
        group_rate=group.rate,
        group_scope=group.scope,
        group_stacks=group.stacks,
        group_on_leaver=group.on_leaver,
        days_before=cancellation.days_before,
        boundary=cancellation.boundary,
        refund_rate=cancellation.refund_rate,
        refund_within_days=cancellation.refund_within_days,
        incomplete_keeps_time=cancellation.incomplete_keeps_time,
        free_exit_days=cancellation.free_exit_days,
        withdrawal_days=cancellation.withdrawal_days,
        visa_refusal_rate=cancellation.visa_refusal_rate,
        substitution_allowed=cancellation.substitution_allowed,
        substitution_days_before=cancellation.substitution_days_before,
        invoice_due_days=invoice.due_days,
        invoice_due_on=invoice.due_on,
        invoice_when=invoice.when,
        tolerance_minor=edition.payment.tolerance_minor,
    )
