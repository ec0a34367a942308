"""Which mails an edition may say something in, and what those words may name (decision 73).

The words are text blocks: ``mail_enrollment_place_reserved`` stands in the mail ``enrollment/place_reserved``.
"""

from typing import Final

PREFIX: Final = "mail_"
MAIL_KINDS: Final = (
    "admissions/dates_told",
    "admissions/declined",
    "admissions/edition_not_held",
    "admissions/expired",
    "admissions/latin_name",
    "admissions/missing",
    "admissions/next_edition",
    "admissions/question",
    "admissions/receipt",
    "admissions/supplement",
    "admissions/waiting_list",
    "admissions/withdrawn",
    "billing/booking_corrected",
    "billing/credit_note",
    "billing/invoice",
    "billing/new_link",
    "billing/part_payment",
    "billing/payment_due",
    "billing/payment_lost",
    "billing/refund_account_wanted",
    "billing/refund_approved",
    "billing/refund_came_back",
    "billing/refund_money_gone",
    "billing/refund_not_back",
    "billing/refund_not_sent",
    "billing/refund_sent",
    "billing/refund_set_off",
    "billing/refund_withdrawn",
    "billing/share_paid",
    "enrollment/choice_due",
    "enrollment/dates_settled",
    "enrollment/edition_choice",
    "enrollment/nothing_to_pay",
    "enrollment/notice_effected",
    "enrollment/notice_given_up",
    "enrollment/notice_heard",
    "enrollment/notice_incomplete",
    "enrollment/notice_late",
    "enrollment/notice_recount_undone",
    "enrollment/notice_recounted",
    "enrollment/notice_valid",
    "enrollment/notice_wrong_channel",
    "enrollment/offer_lapsed",
    "enrollment/offer_passed",
    "enrollment/place_ended",
    "enrollment/place_guaranteed",
    "enrollment/place_moved",
    "enrollment/place_released",
    "enrollment/place_reserved",
    "enrollment/place_taken_over",
    "enrollment/seat_offered",
    "enrollment/substitute_asked",
    "enrollment/substitute_refused",
)
# What was agreed with a reader may be other than what the edition says today: the program's own sentences tell that.
MAIL_PLACEHOLDERS: Final = (
    "name",
    "organiser",
    "place",
    "starts_on",
    "ends_on",
    "opens_at",
    "closes_at",
    "network",
)


def block_of(kind: str) -> str:
    """Return the name of the text block for a kind of mail."""
    return PREFIX + kind.replace("/", "_")


def is_mail_block(block: str) -> bool:
    """Tell whether a text block belongs into a mail."""
    return block.startswith(PREFIX)
