"""Roles of the office and what each may do; docs/roles.md shows this matrix and is tested against it."""

from enum import StrEnum


class Role(StrEnum):
    """What an account of the office is for; one person may hold several."""

    ADMISSIONS = "admissions"
    FINANCE = "finance"
    SECOND_PERSON = "second person"
    DELIVERY = "delivery"
    CREDENTIALS = "credentials"
    EDITION_LEAD = "edition lead"
    ASSESSOR = "assessor"
    EXPERT = "expert"
    AUDITOR = "auditor"
    PEOPLE_ADMIN = "people administrator"


class Permission(StrEnum):
    """What can be seen or done in the office."""

    SEE_TODAY = "see today"
    SEE_APPLICATIONS = "see applications"
    ASSESS = "assess"
    TALK = "talk with applicants"
    DRAFT_DECISION = "draft a decision"
    RELEASE_DECISIONS = "release decisions"
    SEE_BALANCE = "see the balance of the shortlist"
    SEE_FEES = "see fees and income classes"
    SEE_MONEY = "see invoices and bank"
    MOVE_MONEY = "book and issue"
    PROPOSE_EXCEPTION = "propose an exception"
    APPROVE_AS_SECOND_PERSON = "approve as second person"
    RELEASE_HOLD = "release what a country holds"
    DECIDE_NOTICE = "decide about cancellations"
    SEE_NETWORK = "see the network"
    CHANGE_NETWORK = "change the network"
    SEE_EDITION = "see the edition's settings"
    CHANGE_EDITION = "change the edition"
    SEE_MAIL = "see mail"
    RESEND_MAIL = "resend mail"
    SEE_HISTORY = "see the history"
    SEE_PEOPLE = "see accounts and roles"
    MANAGE_PEOPLE = "manage accounts and roles"


CHANGING = frozenset(
    {
        Permission.ASSESS,
        Permission.TALK,
        Permission.DRAFT_DECISION,
        Permission.RELEASE_DECISIONS,
        Permission.MOVE_MONEY,
        Permission.PROPOSE_EXCEPTION,
        Permission.APPROVE_AS_SECOND_PERSON,
        Permission.RELEASE_HOLD,
        Permission.DECIDE_NOTICE,
        Permission.CHANGE_NETWORK,
        Permission.CHANGE_EDITION,
        Permission.RESEND_MAIL,
        Permission.MANAGE_PEOPLE,
    }
)
# What every desk of the office shares: today's list and the trail; and those whose replies stand there, the mail.
_DESK = frozenset({Permission.SEE_TODAY, Permission.SEE_HISTORY, Permission.SEE_EDITION})
_MAIL = frozenset({Permission.SEE_MAIL, Permission.RESEND_MAIL})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMISSIONS: _DESK
    | _MAIL
    | {
        Permission.SEE_APPLICATIONS,
        Permission.TALK,
        Permission.DRAFT_DECISION,
        Permission.DECIDE_NOTICE,
        Permission.SEE_BALANCE,
        Permission.SEE_FEES,
        Permission.SEE_NETWORK,
    },
    Role.FINANCE: _DESK
    | _MAIL
    | {
        Permission.SEE_APPLICATIONS,
        Permission.SEE_FEES,
        Permission.SEE_MONEY,
        Permission.MOVE_MONEY,
        Permission.DECIDE_NOTICE,
        Permission.PROPOSE_EXCEPTION,
        Permission.SEE_NETWORK,
        Permission.CHANGE_NETWORK,
    },
    Role.SECOND_PERSON: frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_FEES,
            Permission.SEE_MONEY,
            Permission.APPROVE_AS_SECOND_PERSON,
            Permission.SEE_HISTORY,
            Permission.SEE_EDITION,
        }
    ),
    Role.DELIVERY: _DESK,
    Role.CREDENTIALS: _DESK,
    Role.EDITION_LEAD: frozenset(Permission)
    - {
        Permission.ASSESS,
        Permission.APPROVE_AS_SECOND_PERSON,
        Permission.SEE_PEOPLE,
        Permission.MANAGE_PEOPLE,
    },
    Role.ASSESSOR: frozenset({Permission.SEE_TODAY, Permission.ASSESS}),
    Role.EXPERT: frozenset({Permission.SEE_TODAY}),
    Role.AUDITOR: frozenset(Permission) - CHANGING,
    Role.PEOPLE_ADMIN: frozenset({Permission.SEE_TODAY, Permission.SEE_PEOPLE, Permission.MANAGE_PEOPLE}),
}


def permits(roles: frozenset[Role], permission: Permission) -> bool:
    """Say whether any of the roles holds the permission."""
    return any(permission in GRANTS[role] for role in roles)
