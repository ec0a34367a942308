"""The named sets of states hold each state where it belongs."""

from collections import Counter

from chancery.domain.admissions.states import MOVES, ON_THE_LIST, OVER, SETTLED, UNANSWERED, ApplicationState


def test_each_state_is_a_draft_unanswered_on_the_list_admitted_or_over() -> None:
    parts = ({ApplicationState.DRAFT}, UNANSWERED, ON_THE_LIST, {ApplicationState.ADMITTED}, OVER)

    assert Counter(state for part in parts for state in part) == Counter(ApplicationState)


def test_what_is_settled_moves_no_more_and_all_else_does() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == SETTLED
