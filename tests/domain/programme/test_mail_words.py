"""What an edition says in mails: in the reader's language, of mails there are, and never an account."""

import pytest
from tests.domain.programme.editions import changed, shipped
from tests.factories.programme import make_edition

from chancery.domain.programme.mails import own_words
from chancery.domain.programme.readers import check_edition, parse_edition
from chancery.domain.programme.readers.contradictions.mails import BLOCKS
from chancery.domain.programme.readers.findings import Severity
from chancery.domain.programme.readers.mail_words import MAIL_KINDS, MAIL_PLACEHOLDERS, block_of
from chancery.domain.programme.readers.prose import PLACEHOLDERS
from chancery.foundation.mail.wording import mail_kinds

RECEIPT = block_of("admissions/receipt")


def saying(words: str, block: str = RECEIPT, language: str = "en") -> str:
    return changed((f"[text.{language}]\n", f'[text.{language}]\n{block} = """{words}"""\n'))


def errors(content: str) -> list[str]:
    return [each.sentence for each in check_edition(content) if each.severity is Severity.ERROR]


def test_every_mail_of_an_edition_may_say_something() -> None:
    assert [*MAIL_KINDS] == [kind for kind in mail_kinds() if not kind.startswith("accounts/")]


def test_what_a_mail_names_is_a_placeholder_of_every_text() -> None:
    assert set(MAIL_PLACEHOLDERS) < set(PLACEHOLDERS)


@pytest.mark.parametrize(
    "words",
    [
        "Our office is closed from 24 December on.",
        "Write to us if {place} is new to you, until {closes_at}.",
        "Call 0034 93 402 7000 any time.",
        "EN16931 is a standard, and GA2024 a bill.",
    ],
)
def test_plain_words_are_as_the_office_wrote_them(words: str) -> None:
    assert errors(saying(words)) == []


@pytest.mark.parametrize(
    ("words", "block", "sentence"),
    [
        ("x", "mail_admissions_reciept", "there is no such mail; did you mean mail_admissions_receipt?"),
        ("x", "mail_x", "there is no such mail; see the list of mails in the settings."),
        (
            "You get {refund_rate} back.",
            RECEIPT,
            (
                "{refund_rate} may be another for whoever gets the mail; leave it to the program, or use one of "
                "name, organiser, place, starts_on, ends_on, opens_at, closes_at, network."
            ),
        ),
        (
            "Pay to ES91 2100 0418 4502 0005 1332.",
            RECEIPT,
            (
                "this looks like a bank account, which another person has to approve; "
                "take it out: the account stands on the bill, and is changed on its own page."
            ),
        ),
        (
            "de89370400440532013000",
            RECEIPT,
            (
                "this looks like a bank account, which another person has to approve; "
                "take it out: the account stands on the bill, and is changed on its own page."
            ),
        ),
    ],
)
def test_words_that_may_mislead_a_reader_are_refused(words: str, block: str, sentence: str) -> None:
    assert errors(saying(words, block)) == [sentence]


def test_an_error_has_the_line_of_the_words() -> None:
    content = saying("x", "mail_x")

    (found,) = [each for each in check_edition(content) if each.severity is Severity.ERROR]

    assert content.splitlines()[found.line - 1].startswith("mail_x")


@pytest.mark.django_db
def test_words_are_said_in_the_readers_language_or_not_at_all() -> None:
    edition = make_edition()
    file = parse_edition(saying("Meet us in {place} on {starts_on}."))

    said = [own_words(edition, file, "admissions/receipt", language) for language in ("en", "es")]

    assert said == [f"Meet us in {edition.place} on Mon 18 Nov 2024.", ""]
    assert own_words(edition, parse_edition(shipped()), "admissions/receipt", "en") == ""
    assert len(BLOCKS) == len(set(BLOCKS)) == len(MAIL_KINDS)
