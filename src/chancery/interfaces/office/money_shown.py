"""Bank lines and bills in words: why a line waits, and why an act was refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.states import Contest
from chancery.foundation.ruling import Refused
from chancery.interfaces.office.signs_words import sign_words

WHY: dict[str, Promise] = {
    "reference.structured": gettext_lazy("a reference of ours, exactly"),
    "reference.in-text": gettext_lazy("a reference of ours in the text"),
    "amount.equal": gettext_lazy("the whole open sum"),
    "currency.equal": gettext_lazy("the currency of the bill"),
    "not_booked": gettext_lazy("the bank has not booked it: it is not money yet"),
    "contested": gettext_lazy("it may be on file already: somebody says whether it is"),
    "corrected": gettext_lazy("the bank corrected the sum of a line on file"),
    "no_money": gettext_lazy("the bank only says something by it: its sum is zero"),
    "outgoing": gettext_lazy("money going out"),
    "bank_fee": gettext_lazy("nobody stands on the other side: the bank's own fee"),
    "reversal": gettext_lazy("the bank takes a payment back"),
    "country_held": gettext_lazy("a country of the list is in it: a person looks before it is booked"),
    "refund_named": gettext_lazy("it names a refund of ours: that may have come back"),
    "bill_named": gettext_lazy("it names a bill that has received money: that may have been sent back"),
    "identity_uncertain": gettext_lazy("the statement does not add up, so this may be counted twice"),
    "batch_unexplained": gettext_lazy("the bank's own figures for this line do not add up"),
    "no_reference": gettext_lazy("no reference of ours"),
    "check_digits_wrong": gettext_lazy("a reference with wrong check digits"),
    "reference_unknown": gettext_lazy("a reference that belongs to no open bill"),
    "several_references": gettext_lazy("several references"),
    "currency_differs": gettext_lazy("another currency than the bill"),
    "amount_differs": gettext_lazy("another sum than is open"),
    "place_ended": gettext_lazy("the place has ended or is billed anew"),
}
CONTESTS: dict[Contest, Promise] = {
    Contest.OTHER_SUM: gettext_lazy("The bank told a line by the same name before, with another sum."),
    Contest.ALIKE: gettext_lazy(
        "A line of that day on file says the same, and nothing tells whether this is that one or a second payment."
    ),
    Contest.SAME_REFERENCE: gettext_lazy(
        "Another sum stands on file under the same reference of the bank: perhaps the same money, "
        "as a sum and in parts."
    ),
    Contest.DAY_DIFFERS: gettext_lazy(
        "This statement tells the same day from the same balance, but not the line that is on file."
    ),
}
REFUSALS: dict[str, Promise] = {
    "decided_before": gettext_lazy("Somebody has decided about this line already."),
    "no_correction": gettext_lazy("Only another sum of a line that counts, in its currency, can be its correction."),
    "correction_used": gettext_lazy("Something was booked from this correction. Take that back first."),
    "later_correction": gettext_lazy("The bank has corrected this line once more since. Take that back first."),
    "line_changed": gettext_lazy("Somebody has booked from this line since you opened it."),
    "bill_changed": gettext_lazy("Something was booked to that bill since you opened this line."),
    "above_tolerance": gettext_lazy("More is missing than may be written off. Book it as a part and ask for the rest."),
    "feed_from_missing": gettext_lazy(
        "Money of this account is booked already. Say from which day on the other kind of file books it."
    ),
    "feed_from_booked": gettext_lazy("Money of that day or of a later one is booked already. Take a day after it."),
    "account_not_theirs": gettext_lazy("A refund leaves from the account that was paid, or another one of its issuer."),
    "not_sent": gettext_lazy("No line shows this refund leaving, or it has come back since."),
    "count_taken_back": gettext_lazy("It was taken back already: it does not count as paid by that cancellation."),
    "later_counts": gettext_lazy(
        "Money that came later counts beside it and keeps a cent more or less for that. Take that back first."
    ),
    "refund_moved_on": gettext_lazy(
        "The refund that rests on it was approved, left or is used by now. Reject an approved one first."
    ),
    "nothing_counts": gettext_lazy("Nothing of this line counts as paid by that cancellation any more."),
    "nothing_open": gettext_lazy("Nothing is open on that bill."),
    "nothing_left": gettext_lazy("Nothing of this line is left."),
    "not_money": gettext_lazy("This line is not booked by the bank, so it is no money."),
    "other_currency": gettext_lazy("Line and bill are in two currencies. Give the money back, or have it exchanged."),
    "wrong_direction": gettext_lazy("The amount must not be zero, and go the way the money went."),
    "more_than_left": gettext_lazy("The line does not hold that much any more."),
    "more_than_open": gettext_lazy("Less is open on that bill. Book the open sum; the rest stays in suspense."),
    "more_than_paid": gettext_lazy("That bill has not received that much."),
    "nothing_to_pay": gettext_lazy("No approved refund waits for a file."),
    "may_have_left": gettext_lazy(
        "Each approved refund may have left with a line on file. Look at the line, or say that it is another payment."
    ),
    "may_be_this_refund": gettext_lazy("Money left that may be this refund. Say at that line what it is."),
    "account_missing": gettext_lazy("A name is needed, and a valid IBAN or an account in words."),
    "name_not_writable": gettext_lazy("No file for the bank can write this name. Write it in Latin letters."),
    "no_payment_file": gettext_lazy("Our own name or account in the edition's file makes no file for the bank."),
    "not_sepa": gettext_lazy(
        "A file pays euros within SEPA only. Say bank and account in words: it is paid by hand then."
    ),
    "evidence_missing": gettext_lazy(
        "This is not the account that the money came from. Say what shows that it is right."
    ),
    "changed_meanwhile": gettext_lazy(
        "Somebody changed this refund since you looked at it. Check whom it pays now, then decide."
    ),
    "on_its_way": gettext_lazy("A file for the bank holds this refund, so its account cannot change."),
    "not_at_the_bank": gettext_lazy("Only a refund that is with the bank and has not left can have failed."),
    "surely_left": gettext_lazy("The bank tells this refund by its reference, to the cent: it has left."),
    "not_come_back": gettext_lazy("No refund came back with this line."),
    "surely_came_back": gettext_lazy("The bank tells this refund by its reference, to the cent: it came back."),
    "refund_unsent": gettext_lazy(
        "It names a refund of ours, or a file of refunds. Say which of them left with it; "
        "what was booked of their money elsewhere is taken back first."
    ),
    "never_left": gettext_lazy("That refund has not left, or it came back before."),
    "left_elsewhere": gettext_lazy("That refund left from another account of ours: it comes back to that account."),
    "none_named": gettext_lazy("Tick the refunds that it is."),
    "seen_leaving": gettext_lazy("Another line shows that refund leaving already."),
    "not_approved": gettext_lazy("Only an approved refund can have left. A second person approves it first."),
    "taken_over": gettext_lazy("The money of that refund is proposed anew or booked elsewhere. Take that back first."),
    "other_account": gettext_lazy("A file of another account of ours holds that refund: it leaves from that account."),
    "less_left": gettext_lazy("Less left with this line than the refund, or another currency."),
    "more_left": gettext_lazy(
        "More left than these refunds and charges. Tick all that left with it; one alone only where the line names it."
    ),
    "other_named": gettext_lazy("The line names another refund. Say that it is that one, or tick that one too."),
    "line_is_used": gettext_lazy("Something of this line is used already. Take that back first."),
    "not_that_sum": gettext_lazy("What was refunded is of another currency, or less than came in."),
    "less_came": gettext_lazy("Less came than without one of these refunds. Tick only those that came back."),
    "not_together": gettext_lazy(
        "Refunds come back as one sum where they left with one line, or whole where they left in one file."
    ),
    "may_have_come_back": gettext_lazy(
        "This money may be refunds of ours that came back. Say at its line which, or that it is another payment; "
        "a refund of it that is proposed is rejected first."
    ),
    "not_its_return": gettext_lazy(
        "Two lines belong together only with the same sum on one account, or on two of ours where one names the other."
    ),
    "return_waits": gettext_lazy(
        "A debit of the same sum waits: the bank may have taken this back, or it moved between our accounts. Say at "
        "that line what it is first."
    ),
    "more_than_received": gettext_lazy("With the other refunds of that money it is more than has come."),
    "no_instruction": gettext_lazy("Only an approved refund that is paid by hand has an instruction."),
    "leaving_not_read": gettext_lazy(
        "Less came back than was paid. Take the statement in that shows it leaving first."
    ),
    "no_place_held": gettext_lazy("Nobody holds a place by this bill any more, so it is not issued anew."),
    "written_off": gettext_lazy("A part of this bill was written off. Take the booking back first."),
    "sum_changed": gettext_lazy(
        "Written anew it would come to another sum, because the issuer's tax has changed, and money stands on it. "
        "Take the booking back first, write the bill anew, then book the money to the new one."
    ),
    "same_payer": gettext_lazy("These are the words that the bill carries already."),
    "nothing_to_credit": gettext_lazy("Nothing is left to credit on that bill."),
    "credited_before": gettext_lazy("This line of the bill was credited before."),
    "money_stands": gettext_lazy("Money stands on that bill. Move it first, then credit the bill."),
    "reason_missing": gettext_lazy("Say why, in a few words."),
    "already_taken_back": gettext_lazy("This booking was taken back already."),
    "money_moved_on": gettext_lazy("Later bookings on that bill rest on this one. Take those back first."),
    "already_billed": gettext_lazy("The place has its bill already, or has ended."),
    "fee_out_of_range": gettext_lazy("The fee must lie between zero and the standard rate."),
    "exception_open": gettext_lazy("A fee for this application waits for the second person already."),
    "needs_another_person": gettext_lazy("Whoever proposed it does not approve it: another person has to."),
    "country_held": gettext_lazy("A country of the list is in it. The edition lead releases it first, with a reason."),
    "nothing_held": gettext_lazy("Nothing holds this any more."),
    "another_person_writes_off": gettext_lazy(
        "Book it as a part. Another person than the one who booked it writes the rest off, at this line."
    ),
    "needs_a_person": gettext_lazy("Only a person with an account may do this."),
    "no_payment_request": gettext_lazy("Only a payment request has its invoice elsewhere."),
    "invoice_recorded_already": gettext_lazy("The invoice of this request is recorded already."),
    "number_missing": gettext_lazy("Give the number of the invoice."),
    "city_no_member": gettext_lazy("The city of this body is no member."),
    "application_over": gettext_lazy("This application or its place has ended."),
    "place_settled": gettext_lazy("The place is guaranteed: nothing is to be ordered or paid."),
    "fee_not_known": gettext_lazy("The fee is not known yet. Settle it first."),
    "fee_is_zero": gettext_lazy("Nothing is to be paid for this place."),
    "several_places": gettext_lazy("This bill is for several places. Two payers share the bill of one place only."),
    "not_shared": gettext_lazy("Nobody shares this fee any more."),
    "shared_before": gettext_lazy("Two payers share this fee already."),
    "share_out_of_range": gettext_lazy("The share must leave something to pay for both payers."),
    "nothing_to_bill": gettext_lazy("There is nothing to bill."),
}

FIELDS: dict[str, Promise] = {
    "party": gettext_lazy("who pays"),
    "party.legal_name": gettext_lazy("the payer's legal name"),
    "party.address": gettext_lazy("the payer's address"),
    "party.country": gettext_lazy("the payer's country"),
    "party.email": gettext_lazy("the payer's e-mail address"),
    "issuer.legal_name": gettext_lazy("our legal name, in the edition's file"),
    "issuer.address": gettext_lazy("our address, in the edition's file"),
    "issuer.tax_id": gettext_lazy("our tax number, in the edition's file"),
    "issuer.vat_category": gettext_lazy("our VAT category, in the edition's file"),
    "payment.beneficiary": gettext_lazy("the account's beneficiary, in the edition's file"),
    "payment.iban": gettext_lazy("the account's IBAN, in the edition's file"),
    "programme.name": gettext_lazy("the name of the course, in the edition's file"),
    "invoice.when": gettext_lazy("invoices after payment need the issuer's own system (edition's file)"),
    "unprintable": gettext_lazy("signs that our fonts do not have"),
}


def reason_words(codes: list[str]) -> list[str]:
    """Return in words why a line was booked or waits."""
    return [str(WHY[code]) if code in WHY else sign_words(code) for code in codes]


def refusal_words(refused: Refused) -> list[str]:
    """Return a sentence for each reason of a refusal; what a bill lacks is named, and signs that no font has."""
    return [_refusal(code, refused.about) for code in refused.ruling.reasons]


def _refusal(code: str, about: str) -> str:
    if code in REFUSALS:
        return str(REFUSALS[code])
    if code == "unprintable" and about:
        words = _("Our papers cannot print these signs: %(signs)s. Write name and address in Latin letters, please.")
        return words % {"signs": about}
    return _("This is missing or wrong: %s.") % FIELDS.get(code, code)
