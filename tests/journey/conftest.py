"""Who acts in the journeys."""

from tests.factories.accounts import make_officer
from tests.worlds import world

from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor


@world
def finance() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@world
def second() -> Actor:
    return user_actor(make_officer(Role.SECOND_PERSON).pk)
