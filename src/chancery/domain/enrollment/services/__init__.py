"""Take seats, make places sure or unsure, keep the waiting list; called by the journey only."""

from chancery.domain.enrollment.services.places import (
    NoSeatLeft,
    PlaceMoveNotAllowed,
    PlaceNotGuaranteed,
    ensure_seat_counter,
    guarantee_place,
    lapse_place,
    lock_seats,
    make_place_unsure,
    move_refund_deadlines,
    reserve_place,
)
from chancery.domain.enrollment.services.waiting import join_waiting_list

__all__ = [
    "NoSeatLeft",
    "PlaceMoveNotAllowed",
    "PlaceNotGuaranteed",
    "ensure_seat_counter",
    "guarantee_place",
    "join_waiting_list",
    "lapse_place",
    "lock_seats",
    "make_place_unsure",
    "move_refund_deadlines",
    "reserve_place",
]
