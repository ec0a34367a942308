import pytest

from chancery.domain.admissions.policies.applying import (
    may_change_group,
    may_join_group,
    may_save,
    may_submit,
    may_withdraw,
)
from chancery.domain.admissions.policies.form import PartStatus
from chancery.domain.admissions.policies.names import fold, search_text
from chancery.domain.admissions.states import ApplicationState as S
from chancery.foundation.ruling import ALLOWED, refusal

CLOSED = refusal("applications_closed")
DONE, OPEN = PartStatus.COMPLETED, PartStatus.IN_PROGRESS


@pytest.mark.parametrize(
    ("state", "parts", "window", "accepted", "reasons"),
    [
        (S.DRAFT, [DONE, DONE], ALLOWED, 3, ()),
        (S.DRAFT, [DONE, OPEN], ALLOWED, 3, ("parts_open",)),
        (S.DRAFT, [DONE], CLOSED, 3, ("applications_closed",)),
        (S.DRAFT, [DONE], ALLOWED, None, ("terms_not_accepted",)),
        (S.DRAFT, [DONE], ALLOWED, 2, ("terms_changed",)),
        (S.SUBMITTED, [DONE], ALLOWED, 3, ("application_already_sent",)),
        (S.WITHDRAWN, [DONE], ALLOWED, 3, ("application_already_sent",)),
    ],
    ids=["ready", "a part open", "closed", "terms not accepted", "older terms", "sent before", "withdrawn"],
)
def test_an_application_is_sent_once_complete_in_time_and_under_the_terms_in_force(
    state, parts, window, accepted, reasons
):
    assert may_submit(state, parts, window, accepted_version=accepted, current_version=3).reasons == reasons


@pytest.mark.parametrize("state", [state for state in S if state is not S.DRAFT])
def test_only_a_draft_can_be_changed(state):
    assert may_save(S.DRAFT, ALLOWED)
    assert may_save(state, ALLOWED).reasons == ("application_already_sent",)


@pytest.mark.parametrize(
    "state", [S.SUBMITTED, S.INCOMPLETE, S.IN_ASSESSMENT, S.IN_DIALOGUE, S.DECIDED, S.WAITING, S.OFFERED]
)
def test_an_application_is_taken_back_freely_until_a_place_exists(state):
    assert may_withdraw(state)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (S.ADMITTED, "place_exists"),
        (S.DRAFT, "nothing_to_withdraw"),
        (S.DECLINED, "nothing_to_withdraw"),
        (S.WITHDRAWN, "nothing_to_withdraw"),
    ],
)
def test_what_has_ended_or_become_a_place_is_not_taken_back(state, reason):
    assert may_withdraw(state).reasons == (reason,)


@pytest.mark.parametrize(
    ("group_edition", "group", "state", "reasons"),
    [
        (1, None, S.DRAFT, ()),
        (1, None, S.IN_ASSESSMENT, ()),
        (2, None, S.DRAFT, ("group_of_another_edition",)),
        (1, 5, S.DRAFT, ("already_in_a_group",)),
        (1, None, S.DECIDED, ("application_decided",)),
    ],
    ids=["draft", "sent", "other edition", "in a group", "decided"],
)
def test_one_joins_one_group_of_the_edition_before_the_decision(group_edition, group, state, reasons):
    assert may_join_group(state, edition_id=1, group_edition_id=group_edition, group_id=group).reasons == reasons


def test_the_group_stays_as_it_is_once_a_decision_is_drafted():
    assert may_change_group(S.DECIDED).reasons == ("application_decided",)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Medellín", "medellin"),
        ("  Élodie   Noroît ", "elodie noroit"),
        ("Lê Gió Nồm", "le gio nom"),
        ("आशा", "आशा"),
        ("ΕΛΕΝΗ", "ελενη"),
    ],
)
def test_a_search_needs_no_marks_of_latin_letters_and_keeps_other_scripts_whole(text, folded):
    assert fold(text) == folded


def test_the_search_text_says_each_thing_once_and_fits_its_column():
    assert search_text("Mumbai", "MUMBAI", "", "Asha") == "mumbai asha"
    assert len(search_text("x" * 900)) == 500
