"""A colleague comes instead: what the participant, the colleague and the office see."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer, make_person, make_user
from tests.factories.admissions import make_application
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME
from tests.worlds import world

from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.enrollment.states import PlaceState, SubstitutionState
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db
YES = {"name": "Aya Embrun", "post": "Adviser", "same_authority": "on", "accepted": "on"}


@pytest.fixture(autouse=True)
def _in_october(settings) -> Iterator[None]:
    settings.SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(IN_TIME, tick=False):
        yield


@world
def place() -> Place:
    return billed_place(make_edition())[0]


def entered(user: User | None) -> Client:
    client = Client()
    assert user is not None
    client.force_login(user)
    return client


def name_aya(place: Place) -> Substitution:
    address = reverse("substitute", args=[place.application.reference])
    entered(place.person.user).post(address, {"name": "Aya", "email": "aya@accra.example"})
    return Substitution.objects.get(place=place)


def test_from_the_name_to_the_hand_over(place: Place) -> None:
    wish = name_aya(place)
    aya, office = entered(make_user("aya@accra.example")), entered(make_officer(Role.ADMISSIONS))
    page = reverse("answer-substitution", args=[wish.pk])
    listed = reverse("list-substitutions", args=[place.edition.slug])

    asked = aya.get(page).content.decode()
    aya.post(page, YES)
    said = aya.get(page).content.decode()
    waiting = office.get(listed).content.decode()
    office.post(reverse("decide-substitution", args=[place.edition.slug, wish.pk]), {"act": "hand-over"})
    done = aya.get(page).content.decode()

    place.refresh_from_db()
    assert place.state == PlaceState.SUBSTITUTED
    assert ("Yes, I come" in asked, "You said yes" in said) == (True, True)
    assert "Hand the place over" in waiting
    assert "The place is yours" in done
    successor = Place.objects.exclude(pk=place.pk).get()
    assert reverse("see-place", args=[successor.application.reference]) in done
    assert aya.get(reverse("see-place", args=[successor.application.reference])).status_code == 200
    ended = entered(place.person.user).get(reverse("see-place", args=[place.application.reference]))
    assert "A colleague has taken this place over." in ended.content.decode()


def test_only_the_colleague_finds_the_page(place: Place) -> None:
    wish = name_aya(place)
    page = reverse("answer-substitution", args=[wish.pk])

    assert entered(make_user("mallory@accra.example")).get(page).status_code == 404
    assert entered(place.person.user).get(page).status_code == 404
    assert entered(make_user("AYA@accra.example".lower())).get(page).status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({**YES, "same_authority": ""}, "Only a colleague of the same authority", id="another authority"),
        pytest.param({**YES, "accepted": ""}, "Without this you cannot take the place.", id="conditions not accepted"),
        pytest.param({**YES, "name": "陳一鳳"}, "Write this name in Latin letters only.", id="no Latin form"),
        pytest.param({**YES, "post": ""}, "Write your post.", id="no post"),
    ],
)
def test_what_is_missing_is_named_and_nothing_happens(place: Place, said: dict[str, str], words: str) -> None:
    wish = name_aya(place)

    answer = entered(make_user("aya@accra.example")).post(reverse("answer-substitution", args=[wish.pk]), said)

    wish.refresh_from_db()
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert wish.state == SubstitutionState.PROPOSED


def test_the_participant_takes_the_name_back_and_the_colleague_reads_it(place: Place) -> None:
    wish = name_aya(place)

    entered(place.person.user).post(reverse("take-back-substitute", args=[place.application.reference]))
    shown = entered(make_user("aya@accra.example")).get(reverse("answer-substitution", args=[wish.pk]))

    assert "the place stays with your colleague" in shown.content.decode()


def test_the_colleague_says_no(place: Place) -> None:
    wish = name_aya(place)

    entered(make_user("aya@accra.example")).post(reverse("decline-substitution", args=[wish.pk]))

    wish.refresh_from_db()
    assert wish.state == SubstitutionState.DECLINED


def test_ones_own_address_is_refused_with_the_reason(place: Place) -> None:
    address = reverse("substitute", args=[place.application.reference])

    answer = entered(place.person.user).post(address, {"name": "Me", "email": place.person.email})

    assert (answer.status_code, "This is your own address." in answer.content.decode()) == (409, True)


def test_names_are_not_tried_one_after_another(place: Place) -> None:
    """Whoever may ask who has a file of their own asks a few times a day, not about a whole list."""
    make_application(edition=place.edition, person=make_person(user=make_user("bea@accra.example")))
    page, client = reverse("substitute", args=[place.application.reference]), entered(place.person.user)
    asked = {"name": "Bea", "email": "bea@accra.example"}

    answers = [client.post(page, asked).content.decode() for _ in range(11)]

    assert ["application of their own" in answer for answer in answers] == [True] * 10 + [False]
    assert "You have tried many names today." in answers[-1]


def test_the_office_refuses_with_words(place: Place) -> None:
    wish = name_aya(place)
    entered(make_user("aya@accra.example")).post(reverse("answer-substitution", args=[wish.pk]), YES)
    office = entered(make_officer(Role.EDITION_LEAD))
    decide = reverse("decide-substitution", args=[place.edition.slug, wish.pk])

    silent = office.post(decide, {"act": "refuse"})
    office.post(decide, {"act": "refuse", "because": "Works for the port."})
    again = office.post(decide, {"act": "hand-over"})

    wish.refresh_from_db()
    assert (silent.status_code, again.status_code) == (422, 409)
    assert (wish.state, wish.because) == (SubstitutionState.REFUSED, "Works for the port.")


def test_nobody_has_named_a_colleague_yet() -> None:
    edition = make_edition()

    shown = entered(make_officer(Role.AUDITOR)).get(reverse("list-substitutions", args=[edition.slug]))

    assert "Nobody has named a colleague." in shown.content.decode()
