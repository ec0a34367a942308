"""`mail poll` looks into a mailbox once, and says what keeps it from being read."""

import pytest

from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


def test_poll_says_what_is_missing_or_wrong(settings, capsys):
    settings.IMAP_URL = ""
    assert run(["mail", "poll"]) == 2
    assert "CHANCERY_IMAP_URL" in capsys.readouterr().err

    settings.IMAP_URL = "imap://diploma:secret@127.0.0.1:1/INBOX"
    assert run(["mail", "poll"]) == 1
    assert "does not answer" in capsys.readouterr().err
