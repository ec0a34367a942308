"""Addresses of the office's pages."""

import pytest

from chancery.interfaces.office import addresses
from chancery.interfaces.office.addresses import page_address


def test_an_address_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def reverse(name: str, args: tuple[str, ...]) -> str:
        asked.append((name, args))
        return "/office/invented/"

    monkeypatch.setattr(addresses, "reverse", reverse)

    told = [page_address("an-invented-page", "first-edition") for _ in range(2)]

    assert told == ["/office/invented/"] * 2
    assert asked == [("an-invented-page", ("first-edition",))]
