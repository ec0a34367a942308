"""How people of the stories come in and fill the form, part by part, in the words on the screen."""

from dataclasses import dataclass

from tests.stories.reader import Reader
from tests.stories.telling import Telling

EDITION = "metropolis-2024"


@dataclass(frozen=True)
class Applicant:
    """Who applies; ``authority`` is a line of the list."""

    name: str
    email: str
    authority: str
    town: str
    country: str
    group_code: str = ""

    @property
    def payer(self) -> str:
        """Where bills go."""
        return f"accounts@{self.email.partition('@')[2]}"


def starts(tell: Telling, who: Applicant, *, script: bool = True) -> Reader:
    """Come in from the programme, sign in by code and open an application."""
    reader = tell.somebody(script=script)
    reader.visits("/")
    reader.clicks("Start an application")
    reader.clicks("Continue with my e-mail")
    tell.signs_in(reader, who.email)
    reader.clicks("Start my application")
    reader.clicks("Go on")
    return reader


def fills_in_everything(reader: Reader, who: Applicant) -> None:
    """Fill the eight parts, from the first to the check."""
    for fill in (fills_in_person, fills_in_work, fills_in_abroad, fills_in_languages, fills_in_texts):
        fill(reader, who)
    fills_in_payer(reader, who)
    reader.clicks("Continue")
    fills_in_consents(reader, who)


def fills_in_person(reader: Reader, who: Applicant) -> None:
    """Tell the name."""
    reader.types("What is your full name?", who.name)
    reader.looks()
    reader.clicks("Continue")


def fills_in_work(reader: Reader, who: Applicant) -> None:
    """Tell city, post and years."""
    reader.types("For which city or authority do you work?", who.authority)
    reader.types("What is your post?", "Adviser for international partnerships")
    reader.chooses("In the middle")
    reader.types("For how many years", "9")
    reader.looks()
    reader.clicks("Continue")


def fills_in_abroad(reader: Reader, who: Applicant) -> None:
    """Say that there is no international office, and why one comes."""
    reader.chooses("No", of="Does your authority have an office for international affairs?")
    reader.chooses("No", of="Do you work for a metropolitan body")
    reader.types("Why do you want to take part", "Because our partner cities are many and nobody says what they bring.")
    reader.looks()
    reader.clicks("Continue")


def fills_in_languages(reader: Reader, who: Applicant) -> None:
    """Tick English."""
    reader.chooses("English")
    reader.chooses("Yes", of="Can you follow sessions")
    reader.looks()
    reader.clicks("Continue")


def fills_in_texts(reader: Reader, who: Applicant) -> None:
    """Write the experience and the problem."""
    reader.types("Which experience of your city", "We let neighbours draw the bus lanes; two of five were built.")
    reader.looks()
    reader.clicks("Continue")
    reader.types("On which problem of your city", "Heat kills in the same four quarters each summer.")
    reader.looks()
    reader.clicks("Continue")


def fills_in_payer(reader: Reader, who: Applicant) -> None:
    """Say that the city pays, and where bills go; the part stays open."""
    reader.chooses("My city or another public body")
    reader.types("Legal name for the invoice", f"City of {who.town}")
    reader.types("Address for the invoice", "Town Hall Square 1")
    reader.types("Town", who.town)
    reader.selects("Country", who.country)
    reader.types("E-mail address for invoices", who.payer)
    if who.group_code:
        reader.types("Group code", who.group_code)
    reader.looks()


def fills_in_consents(reader: Reader, who: Applicant) -> None:
    """Agree to the use of data."""
    reader.chooses("I have read how my data are used for this application.")
    reader.looks()
    reader.clicks("Continue")


def sends(reader: Reader) -> str:
    """Accept the terms and send; return the reference."""
    reader.stands_before("Check your answers, then send")
    reader.looks()
    reader.chooses("What I wrote is true, and I accept these terms.")
    reader.clicks("Send my application")
    reader.stands_before("Your application has been sent")
    reader.looks()
    return reader.page.locator("dd.reference").inner_text()
