"""The ways between the pages of a list."""

import pytest
from django.test import RequestFactory

from chancery.interfaces.office.paging import page_links


@pytest.mark.parametrize(
    ("number", "previous", "following"),
    [(1, "", "?q=Accra&page=2"), (2, "?q=Accra&page=1", "?q=Accra&page=3"), (3, "?q=Accra&page=2", "")],
    ids=["first", "middle", "last"],
)
def test_the_neighbours_of_a_page_keep_its_filters(number: int, previous: str, following: str) -> None:
    links = page_links(RequestFactory().get("/office/mail/", {"q": "Accra", "page": str(number)}), number, 3)

    assert (links.position, links.previous_href, links.next_href) == (f"page {number} of 3", previous, following)
