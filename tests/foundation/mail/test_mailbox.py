"""Where a mailbox is, as the settings write it; reading one is tried against a real server among the engine tests."""

import pytest

from chancery.foundation.mail.mailbox import mailbox_from_url


def test_an_address_is_read_with_its_defaults() -> None:
    address = mailbox_from_url("imaps://diploma%40city.example:s%2Fcret@mail.example")

    assert (address.host, address.port, address.user, address.password, address.folder) == (
        "mail.example",
        993,
        "diploma@city.example",
        "s/cret",
        "INBOX",
    )
    assert address.name == "diploma@city.example@mail.example/INBOX"


@pytest.mark.parametrize("url", ["pop3://mail.example", "imaps:///INBOX", "mail.example"])
def test_another_address_is_refused_with_the_remedy(url: str) -> None:
    with pytest.raises(ValueError, match="use imaps://user:password@host/folder"):
        mailbox_from_url(url)
