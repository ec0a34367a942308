"""Replies are fetched from a real IMAP server: once, with the server's own instant, whatever dies in between."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.engine import fetching
from tests.engine.databases import Scratch
from tests.engine.dovecot import MailServer, mail_server
from tests.engine.processes import run, start

pytestmark = pytest.mark.engine
CAME = datetime(2024, 10, 13, 21, 59, 58, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def letter(scratch: Scratch) -> bytes:
    return run(scratch, fetching.letter_of_a_place, CAME)


def test_a_reply_is_taken_in_once_with_the_instant_of_the_server_and_marked(
    scratch: Scratch, server: MailServer, letter: bytes
) -> None:
    server.deliver(letter, CAME)

    assert [run(scratch, fetching.fetch, server.url) for _ in range(2)] == [1, 0]

    assert run(scratch, fetching.taken) == {
        "mails": 1,
        "numbers": 1,
        "notices": ["valid"],
        "received": [CAME.isoformat()],
    }
    assert b"\\Seen" in server.flags()[0]


def test_killed_between_the_commit_and_the_mark_nothing_is_lost_or_taken_twice(
    scratch: Scratch, server: MailServer, letter: bytes
) -> None:
    server.deliver(letter, CAME)

    with pytest.raises(EOFError):
        start(scratch, fetching.fetch_and_die_before_the_mark, server.url).answer()
    assert run(scratch, fetching.taken)["mails"] == 1
    assert b"\\Seen" not in server.flags()[0]
    assert run(scratch, fetching.fetch, server.url) == 0

    taken = run(scratch, fetching.taken)
    assert (taken["mails"], taken["notices"]) == (1, ["valid"])


def test_what_somebody_has_read_is_found_all_the_same(scratch: Scratch, server: MailServer, letter: bytes) -> None:
    server.deliver(letter, CAME)
    server.mark(r"(\Seen)")

    assert run(scratch, fetching.fetch, server.url) == 1


def test_a_server_that_counts_anew_brings_nothing_twice(scratch: Scratch, server: MailServer, letter: bytes) -> None:
    server.deliver(letter, CAME)
    run(scratch, fetching.fetch, server.url)

    server.count_anew()

    assert run(scratch, fetching.fetch, server.url) == 0
    assert run(scratch, fetching.taken)["mails"] == 1


def test_what_keeps_the_mailbox_from_being_read_is_named(scratch: Scratch, server: MailServer, letter: bytes) -> None:
    wrong = server.url.replace(":secret@", ":guess@")
    nowhere = server.url.replace(str(server.port), "1")

    assert "user or password is refused" in run(scratch, fetching.fetch, wrong)
    assert "there is no such folder" in run(scratch, fetching.fetch, server.url.replace("INBOX", "Nowhere"))
    assert "does not answer" in run(scratch, fetching.fetch, nowhere)
