"""Views of lists: kept, shared, opened, changed; never a way to another place or past a permission."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer
from tests.factories.entering import enter
from tests.factories.programme import make_edition

from chancery.domain.programme.models import Edition
from chancery.foundation.accounts import saved_views
from chancery.foundation.accounts.models import SavedView
from chancery.foundation.accounts.roles import Role
from chancery.interfaces.office.saved_views import FILTERED, filters_of

pytestmark = pytest.mark.django_db
LINES = "/office/bank/lines/"


@pytest.fixture(autouse=True)
def edition(settings) -> Edition:
    settings.SECOND_FACTOR_REQUIRED = False
    return make_edition()


def save(client: Client, **typed: str):
    told = {"of": "list-lines", "query": "q=Accra&state=", "name": "Accra", **typed}
    return client.post(reverse("save-view"), told)


def change(client: Client, act: str, **typed: str):
    return client.post(reverse("change-view", args=[SavedView.objects.get().pk]), {"act": act, **typed})


def test_filters_are_kept_under_a_name_and_opened_by_it() -> None:
    client = enter(Role.FINANCE)

    assert save(client).headers["Location"] == f"{LINES}?q=Accra"
    view = SavedView.objects.get()

    assert (view.of, view.name, view.query, view.is_shared) == ("list-lines", "Accra", "q=Accra", False)
    assert client.get(reverse("open-view", args=[view.pk])).headers["Location"] == f"{LINES}?q=Accra"
    assert "Accra" in client.get(LINES).content.decode()


def test_saved_twice_it_is_one_view() -> None:
    client = enter(Role.FINANCE)

    save(client)
    save(client)

    assert SavedView.objects.count() == 1


def test_another_view_of_that_name_is_refused_in_words() -> None:
    client = enter(Role.FINANCE)
    save(client)

    answer = client.get(save(client, query="q=Lima").headers["Location"])

    assert "You have a view of that name on this list." in answer.content.decode()
    assert SavedView.objects.get().query == "q=Accra"


def test_there_are_no_more_views_than_can_be_looked_through() -> None:
    client = enter(Role.FINANCE)
    for number in range(saved_views.MOST + 1):
        save(client, name=f"View {number}")

    assert SavedView.objects.count() == saved_views.MOST


def test_what_is_no_filter_is_not_kept_and_leads_nowhere() -> None:
    client = enter(Role.FINANCE)

    answer = save(client, query="q=Accra&next=https://evil.example/&page=3", edition="//evil.example")

    assert answer.headers["Location"] == f"{LINES}?q=Accra"
    assert SavedView.objects.get().query == "q=Accra"


def test_a_filter_that_is_gone_is_left_out_with_a_notice() -> None:
    client = enter(Role.FINANCE)
    save(client)
    SavedView.objects.update(query="colour=red&q=Accra")

    answer = client.get(reverse("open-view", args=[SavedView.objects.get().pk]), follow=True)

    assert answer.redirect_chain == [(f"{LINES}?q=Accra", 302)]
    assert "some filters of this view no more" in answer.content.decode()


@pytest.mark.parametrize(("shared", "status"), [("", 404), ("yes", 302)], ids=["own", "shared"])
def test_a_view_of_somebody_else_is_there_only_when_shared(shared: str, status: int) -> None:
    save(enter(Role.FINANCE), shared=shared)

    assert enter(Role.AUDITOR).get(reverse("open-view", args=[SavedView.objects.get().pk])).status_code == status


def test_a_shared_view_of_a_closed_list_is_not_there() -> None:
    save(enter(Role.FINANCE), shared="yes")

    assert enter(Role.DELIVERY).get(reverse("open-view", args=[SavedView.objects.get().pk])).status_code == 404


def test_a_shared_view_is_changed_by_its_owner_alone() -> None:
    save(enter(Role.FINANCE), shared="yes")

    assert change(enter(Role.FINANCE), "remove").status_code == 404
    assert SavedView.objects.exists()


def test_a_view_of_a_list_that_is_none_or_closed_is_not_saved() -> None:
    assert save(enter(Role.FINANCE), of="list-nothing").status_code == 404
    assert save(enter(Role.DELIVERY)).status_code == 404
    assert not SavedView.objects.exists()


def test_a_list_opens_with_the_view_that_its_reader_chose_until_all_is_asked_for() -> None:
    client = enter(Role.FINANCE)
    save(client)
    change(client, "first")

    assert client.get(LINES).headers["Location"] == f"{LINES}?q=Accra"
    assert client.get(f"{LINES}?all").status_code == 200

    change(client, "not-first")
    assert client.get(LINES).status_code == 200


def test_a_view_is_renamed_shared_and_removed() -> None:
    client = enter(Role.FINANCE)
    save(client)

    change(client, "rename", name="  Ghana ")
    change(client, "share")
    view = SavedView.objects.get()
    assert (view.name, view.is_shared) == ("Ghana", True)

    change(client, "unshare")
    assert not SavedView.objects.get().is_shared

    change(client, "remove")
    assert not SavedView.objects.exists()


def test_a_view_takes_no_name_of_another() -> None:
    client = enter(Role.FINANCE)
    save(client)
    first = SavedView.objects.get()
    save(client, name="Ghana")

    answer = client.post(reverse("change-view", args=[first.pk]), {"act": "rename", "name": "Ghana"}, follow=True)

    assert "You have a view of that name on this list." in answer.content.decode()


def test_a_list_of_an_edition_opens_in_the_edition_that_is_looked_at(edition: Edition) -> None:
    client = enter(Role.EDITION_LEAD)
    save(client, of="list-bills", query="q=Accra", edition=edition.slug)
    view = SavedView.objects.get()

    answer = client.get(reverse("open-view", args=[view.pk]), {"edition": edition.slug})
    assert answer.headers["Location"] == f"/office/{edition.slug}/invoices/?q=Accra"
    assert client.get(reverse("open-view", args=[view.pk]), {"edition": "no-such"}).status_code == 404


@pytest.mark.parametrize("taken", ["name", "default"])
def test_the_database_keeps_names_and_defaults_single(taken: str) -> None:
    owner = make_officer(Role.FINANCE)
    told = {"owner": owner, "of": "list-lines", "query": "q=a", "saved_at": NOW, "is_default": taken == "default"}
    SavedView.objects.create(name="One", **told)

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(name="One" if taken == "name" else "Two", **told)


@pytest.mark.parametrize("of", FILTERED)
def test_every_filtered_list_offers_to_keep_its_filters(of: str, edition: Edition) -> None:
    key = min(FILTERED[of][1])
    path = reverse(of, args=[edition.slug] if of in {"list-applications", "list-bills", "list-history"} else [])

    page = enter(Role.EDITION_LEAD).get(path, {key: "x"}).content.decode()

    assert f'name="of" value="{of}"' in page
    assert f'name="query" value="{key}=x"' in page


def test_keys_without_a_value_are_no_filters() -> None:
    assert filters_of("list-lines", "q=&state=&as=xlsx") == ("", True)
