"""What the steps of a story share: its clock, its readers, the worker and the mailbox."""

import re
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from zoneinfo import ZoneInfo

from django.core import mail as mailbox
from playwright.sync_api import Browser
from tests.stories.reader import Reader

from chancery.interfaces.demo.cast import PASSWORD
from chancery.interfaces.worker.sweeps import sweep_everything

BARCELONA = ZoneInfo("Europe/Madrid")
CODE = re.compile(r"\b([0-9]{6})\b")


class Telling:
    """A story while it is told."""

    def __init__(self, browser: Browser, site: str, set_clock: Callable[[str], datetime]) -> None:
        self.browser, self.site, self.set_clock = browser, site, set_clock
        self.readers: list[Reader] = []
        self.looked: set[str] = set()

    def it_is(self, moment: str) -> datetime:
        """Set the clock to a moment in Barcelona, such as ``2024-10-07T10:00``."""
        return self.set_clock(moment)

    def somebody(self, *, script: bool = True) -> Reader:
        """Return a visitor with a browser of their own."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 900},
            java_script_enabled=script,
            locale="en-GB",
            reduced_motion="reduce",  # a colour on its way from one scheme to the other has no contrast yet
        )
        context.set_default_timeout(10_000)
        self.readers.append(Reader(context, self.site, self.looked))
        return self.readers[-1]

    def officer(self, key: str) -> Reader:
        """Return somebody of the office, signed in by password; keys as in the cast: aina, merce, pol, ines ..."""
        reader = self.somebody()
        reader.visits("/sign-in/office/")
        reader.types("Your e-mail address", f"{key}@metropolis.example")
        reader.types("Your password", PASSWORD)
        reader.clicks("Sign in")
        return reader

    def signs_in(self, reader: Reader, email: str) -> None:
        """Let a reader who stands before the sign-in page come in by the code from the mail."""
        reader.types("Your e-mail address", email)
        reader.clicks("Send me a code")
        reader.types("The six digits", self.code_for(email))
        reader.clicks("Sign in")

    def code_for(self, email: str) -> str:
        """Return the code of the newest sign-in mail to this address."""
        self.the_worker_works()
        found = [CODE.search(str(mail.body)) for mail in self.mails_to(email) if "sign-in code" in mail.subject]
        code = found[-1]
        assert code
        return code[1]

    def the_worker_works(self) -> None:
        """Do what is due: print papers, send mail, seal the trail."""
        sweep_everything()

    def mails_to(self, email: str) -> list[mailbox.EmailMessage]:
        """Return the mails that have left for an address, oldest first."""
        return [mail for mail in mailbox.outbox if email in mail.to]

    def subjects_to(self, email: str) -> list[str]:
        """Return the subjects of the mails to an address, sign-in codes left out."""
        subjects = [str(mail.subject).replace("\u00a0", " ") for mail in self.mails_to(email)]
        return [subject for subject in subjects if "sign-in code" not in subject]

    def last_mail_to(self, email: str) -> Message:
        """Return the newest mail to an address as a message."""
        return self.mails_to(email)[-1].message()

    def nobody_heard_a_complaint(self) -> None:
        """Check that no console said anything."""
        assert [words for reader in self.readers for words in reader.said] == []

    def leave(self) -> None:
        """Close all browsers of the story."""
        for reader in self.readers:
            reader.context.close()
