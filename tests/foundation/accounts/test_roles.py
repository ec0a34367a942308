"""What the matrix of roles promises."""

import pytest

from chancery.foundation.accounts.roles import CHANGING, GRANTS, Permission, Role, permits

MONEY = {Permission.SEE_FEES, Permission.SEE_MONEY, Permission.SEE_NETWORK, Permission.SEE_HISTORY}


@pytest.mark.parametrize("role", [Role.DELIVERY, Role.CREDENTIALS, Role.SECOND_PERSON])
def test_a_desk_to_which_nobody_writes_reads_no_mail(role: Role) -> None:
    assert not GRANTS[role] & {Permission.SEE_MAIL, Permission.RESEND_MAIL}


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.EXPERT])
def test_who_judges_or_teaches_sees_no_fee_no_due_and_no_income_class(role: Role) -> None:
    assert not GRANTS[role] & (MONEY | {Permission.SEE_MAIL, Permission.SEE_APPLICATIONS})


def test_the_auditor_reads_all_and_changes_nothing() -> None:
    assert GRANTS[Role.AUDITOR] == {each for each in Permission if each.value.startswith("see ")}
    assert not GRANTS[Role.AUDITOR] & CHANGING


def test_nobody_who_proposes_or_books_also_approves() -> None:
    approving = {role for role in Role if Permission.APPROVE_AS_SECOND_PERSON in GRANTS[role]}

    assert approving == {Role.SECOND_PERSON}
    assert not GRANTS[Role.SECOND_PERSON] & {Permission.PROPOSE_EXCEPTION, Permission.MOVE_MONEY}


def test_only_the_edition_lead_releases_decisions() -> None:
    assert [role for role in Role if Permission.RELEASE_DECISIONS in GRANTS[role]] == [Role.EDITION_LEAD]


def test_who_gives_roles_reads_no_file_of_an_applicant() -> None:
    assert not GRANTS[Role.PEOPLE_ADMIN] & {Permission.SEE_APPLICATIONS, *MONEY}


def test_a_person_with_several_roles_may_do_what_any_of_them_may() -> None:
    both = frozenset({Role.ASSESSOR, Role.FINANCE})

    assert permits(both, Permission.ASSESS)
    assert permits(both, Permission.MOVE_MONEY)


@pytest.mark.parametrize("permission", Permission)
def test_each_permission_is_held_by_somebody(permission: Permission) -> None:
    assert any(permission in granted for granted in GRANTS.values())
