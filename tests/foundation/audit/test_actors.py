"""Who acts: some acts are a person's only."""

import pytest

from chancery.foundation.audit.actors import SYSTEM, NeedsPerson, user_actor


def test_a_person_is_named_by_their_account() -> None:
    assert user_actor(7).person_id() == 7


def test_the_system_does_nothing_that_is_a_persons_to_do() -> None:
    with pytest.raises(NeedsPerson) as refused:
        SYSTEM.person_id()

    assert refused.value.ruling.reasons == ("needs_a_person",)
