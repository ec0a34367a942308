"""The mails about a place: reserved, nothing to pay, guaranteed, released, dates settled."""

from chancery.domain.enrollment.mails.dates import dates_settled_mail
from chancery.domain.enrollment.mails.places import (
    nothing_to_pay_mail,
    place_guaranteed_mail,
    place_released_mail,
    place_reserved_mail,
)

__all__ = [
    "dates_settled_mail",
    "nothing_to_pay_mail",
    "place_guaranteed_mail",
    "place_released_mail",
    "place_reserved_mail",
]
