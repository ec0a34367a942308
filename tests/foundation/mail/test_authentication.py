"""Of a sender only our own receiving server speaks, and DMARC speaks of the domain that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.mail.test_outbox import NOW
from tests.foundation.mail.test_receiving import a_message

from chancery.foundation.mail.authentication import SenderChecks, sender_checks, standing_of
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.receiving import take_in
from chancery.foundation.mail.states import SenderStanding, Verdict

OURS = "mx.chancery.example"
PASS, FAIL, NONE, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.NONE, Verdict.UNKNOWN
GOOD = f"{OURS}; spf=pass smtp.mailfrom=mumbai.example; dkim=pass header.d=mumbai.example; dmarc=pass"


def checks(*headers: str, server: str = OURS) -> SenderChecks:
    return sender_checks(headers, server=server, sender="asha@mumbai.example")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        pytest.param(GOOD, SenderChecks(PASS, PASS, PASS), id="all three pass"),
        pytest.param(GOOD.upper(), SenderChecks(PASS, PASS, PASS), id="in capitals"),
        pytest.param(f"{OURS} 1; dmarc=fail (p=none; x)", SenderChecks(dmarc=FAIL), id="a version and a comment"),
        pytest.param(f"(a;b) {OURS}; spf=softfail", SenderChecks(spf=FAIL), id="a comment before the name"),
        pytest.param(f"{OURS}; none", SenderChecks(), id="nothing was checked"),
        pytest.param(f"{OURS}; spf=none; dkim=neutral", SenderChecks(NONE, NONE), id="nothing to check by"),
        pytest.param(f"{OURS}; spf=temperror; dmarc=permerror", SenderChecks(), id="an error says nothing"),
        pytest.param(f"{OURS}; dkim=fail; dkim=pass", SenderChecks(dkim=PASS), id="one of two signatures passes"),
        pytest.param(f"{OURS}; dkim=pass; dkim=fail", SenderChecks(dkim=PASS), id="one of two passes, first"),
        pytest.param(f'{OURS}; spf=fail reason="x; dmarc=pass"', SenderChecks(spf=FAIL), id="words in a reason"),
        pytest.param(f"{OURS}; spf=fail (x; dmarc=pass)", SenderChecks(spf=FAIL), id="words in a comment"),
        pytest.param(f"{OURS}; dmarc=pass header.from=mumbai.example", SenderChecks(dmarc=PASS), id="sender's domain"),
        pytest.param(f"{OURS}; dmarc=pass header.from=evil.example", SenderChecks(), id="another domain"),
        pytest.param(f'{OURS}; dmarc=pass header.from="evil.example"', SenderChecks(), id="another in marks"),
        pytest.param("mx.evil.example; dmarc=pass", SenderChecks(), id="another server"),
        pytest.param(f"{OURS}.evil.example; dmarc=pass", SenderChecks(), id="a name that begins like ours"),
        pytest.param("", SenderChecks(), id="empty"),
    ],
)
def test_a_header_says(header: str, found: SenderChecks) -> None:
    assert checks(header) == found


def test_a_header_below_ours_does_not_count_even_in_our_name() -> None:
    assert checks(f"{OURS}; dmarc=fail", GOOD) == SenderChecks(dmarc=FAIL)


def test_without_a_name_no_server_is_believed() -> None:
    assert checks(GOOD, "; dmarc=pass", server="") == SenderChecks()


@given(st.text())
def test_whatever_stands_in_a_header_of_another_server_nothing_is_believed(words: str) -> None:
    assert checks(f"mx.evil.example; {words}") == SenderChecks()


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        pytest.param(SenderChecks(dmarc=PASS), SenderStanding.CONFIRMED, id="DMARC passes"),
        pytest.param(SenderChecks(PASS, PASS, FAIL), SenderStanding.NOT_CONFIRMED, id="passes for another domain"),
        pytest.param(SenderChecks(PASS, PASS, NONE), SenderStanding.NOT_CONFIRMED, id="the domain has no DMARC"),
        pytest.param(SenderChecks(spf=FAIL), SenderStanding.NOT_CONFIRMED, id="SPF fails, no DMARC told"),
        pytest.param(SenderChecks(PASS, PASS), SenderStanding.NOT_SAID, id="no DMARC told"),
        pytest.param(SenderChecks(), SenderStanding.NOT_SAID, id="nothing told"),
    ],
)
def test_the_domain_is(found: SenderChecks, standing: SenderStanding) -> None:
    assert standing_of(found) == standing


@pytest.mark.django_db
def test_what_our_server_said_is_stored_with_the_mail_and_a_forged_header_is_not(settings) -> None:
    settings.AUTHSERV_ID = OURS
    raw = a_message(Authentication_Results="mx.mumbai.example; dmarc=pass")
    forged = take_in(raw, source="file", now=NOW).mail
    told = take_in(f"Authentication-Results: {GOOD}\r\n".encode() + raw, source="file", now=NOW).mail

    standings = [IncomingHandling.objects.get(mail=mail).sender_standing for mail in (forged, told)]

    assert standings == [SenderStanding.NOT_SAID, SenderStanding.CONFIRMED]
