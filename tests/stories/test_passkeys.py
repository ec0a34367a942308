"""An officer adds a passkey beside the app, signs in with it, and removes it again; the browser holds the passkey."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tests.stories.reader import Reader
from tests.stories.telling import Telling

from chancery.interfaces.demo.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ADDRESS = "aina@metropolis.example"


@pytest.fixture(autouse=True)
def at_a_name(tell: Telling, settings: pytest.MonkeyPatch) -> None:
    """Open the site under a name, because no passkey is made for a bare IP address."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SITE_HOST = "localhost"
    tell.site = settings.SITE_URL = tell.site.replace("127.0.0.1", "localhost")
    tell.it_is("2024-10-09T12:00")


def test_a_passkey_is_added_opens_the_office_and_is_removed(tell: Telling) -> None:
    aina = given_an_officer_with_an_app(tell)
    when_a_device_holds_passkeys(aina)
    when_a_passkey_is_added(aina)

    then_it_opens_the_office(tell, aina)
    then_it_can_be_removed(aina)
    tell.the_worker_works()
    assert tell.subjects_to(ADDRESS)[-2:] == [
        "A passkey was added to your account",
        "A passkey was removed from your account",
    ]


def test_a_passkey_that_does_not_answer_is_said_with_the_focus_on_it(tell: Telling) -> None:
    aina = given_an_officer_with_an_app(tell)
    aina.page.add_init_script("navigator.credentials.create = () => Promise.reject(new Error('cancelled'))")
    aina.visits("/sign-in/passkeys/")
    aina.types("Your present password", PASSWORD)
    aina.types("A name for the passkey", "Laptop")

    aina.clicks("Add a passkey")

    aina.page.wait_for_selector("[data-passkey-failed]:focus")
    aina.sees("Nothing came from the passkey")


def test_without_script_the_page_says_what_to_do(tell: Telling) -> None:
    aina = given_an_officer_with_an_app(tell)
    when_a_device_holds_passkeys(aina)
    when_a_passkey_is_added(aina)
    plain = tell.somebody(script=False)
    plain.visits("/sign-in/office/")
    plain.types("Your e-mail address", ADDRESS)
    plain.types("Your password", PASSWORD)
    plain.clicks("Sign in")

    plain.sees("Or use a passkey", "Without it, use the code of your app.")
    assert plain.page.get_by_role("button", name="Use a passkey").count() == 0


def given_an_officer_with_an_app(tell: Telling) -> Reader:
    aina = tell.officer("aina")
    aina.stands_before("Set up your second factor")
    secret = aina.page.locator("strong[translate=no]").inner_text().replace(" ", "")
    aina.types("The six digits that the app shows now", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    aina.clicks("Continue")
    aina.stands_before("Recovery codes")
    return aina


def when_a_device_holds_passkeys(aina: Reader) -> None:
    device = aina.context.new_cdp_session(aina.page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def when_a_passkey_is_added(aina: Reader) -> None:
    aina.visits("/sign-in/passkeys/")
    aina.sees("You have no passkey yet.")
    aina.does_not_see("A passkey needs a browser")
    aina.types("Your present password", PASSWORD)
    aina.types("A name for the passkey", "Laptop of the office")
    aina.page.keyboard.press("Enter")
    aina.page.wait_for_selector("table")
    aina.sees("The passkey is added.", "Laptop of the office", "never")
    aina.looks()


def then_it_opens_the_office(tell: Telling, aina: Reader) -> None:
    aina.visits("/sign-out/")
    aina.clicks("Sign out")
    aina.visits("/sign-in/office/")
    aina.types("Your e-mail address", ADDRESS)
    aina.types("Your password", PASSWORD)
    aina.clicks("Sign in")
    aina.looks()
    aina.clicks("Use a passkey")
    aina.page.wait_for_url("**/office/**")


def then_it_can_be_removed(aina: Reader) -> None:
    aina.visits("/sign-in/passkeys/")
    aina.does_not_see("never")
    aina.clicks("Remove Laptop of the office")
    aina.looks()
    aina.clicks("Remove")
    aina.sees("The passkey is removed.", "You have no passkey yet.")
