"""A visitor decides to apply: the public pages in a real browser."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.factories.network import classify, make_city_council, make_country, make_member
from tests.factories.programme import make_edition

from chancery.foundation import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # The threads of the live server end with their SQLite connection open.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)
PAGES = ("", "lessons/1/", "sessions/", "experts/", "fees/?city=Accra&people=2", "conditions/", "apply/")
ABOUT = ("clocks", "contact", "privacy", "accessibility", "legal")
SCREENS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 320, "height": 740}},
}


@pytest.fixture
def site(live_server, monkeypatch) -> str:
    """The site in the story's time, with one member city."""
    monkeypatch.setattr(clock, "machine_now", lambda: STORY)
    ghana = make_country("GHA", "Ghana", region="Africa")
    classify(ghana, "LM")
    make_member(make_city_council("Accra", country=ghana).city)
    make_edition(slug="metropolis-2024")
    return live_server.url


def open_page(chromium: Browser, address: str, *, screen: str = "light", script: bool = True) -> tuple[Page, list[str]]:
    page = chromium.new_context(**SCREENS[screen], java_script_enabled=script).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    return page, said


def test_every_public_page_is_accessible_on_a_small_phone_and_breaks_no_policy(chromium, site):
    addresses = [f"/en/metropolis-2024/{page}" for page in PAGES] + [f"/en/{page}/" for page in ABOUT] + ["/ui/"]
    found: dict[str, object] = {}
    page, said = open_page(chromium, site + addresses[0], screen="phone")
    for address in addresses:
        page.goto(site + address)
        violations = [each["id"] for each in Axe().run(page).response["violations"]]
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if violations or overflow or said:
            found[address] = (violations, overflow, [*said])
            said.clear()

    assert found == {}


@pytest.mark.parametrize("language", ["es", "fr", "ca"])
def test_the_programme_is_accessible_in_every_language_on_a_phone(chromium, site, language):
    page, said = open_page(chromium, f"{site}/{language}/metropolis-2024/", screen="phone")

    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert said == []


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without any script"])
def test_the_fee_finder_explains_what_a_city_would_pay(chromium, site, script):
    page, said = open_page(chromium, f"{site}/en/metropolis-2024/", script=script)

    page.get_by_label("Your city or authority").fill("accra")
    page.get_by_label("People").fill("2")
    page.get_by_role("button", name="Work it out").click()

    page.get_by_text("Accra is a member; contribution for 2023 paid on Tue 14 Mar 2023").wait_for()
    assert "EUR\u00a0900.00" in page.locator("tfoot").first.inner_text()
    assert page.get_by_text("For 2 people:").is_visible()
    assert said == []


def test_the_way_to_an_application_is_found_with_the_keyboard_alone(chromium, site):
    page, _ = open_page(chromium, f"{site}/en/metropolis-2024/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Start an application"
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/")

    assert page.get_by_role("heading", level=1).inner_text() == "Before you start"
