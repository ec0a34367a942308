"""Of a sender only our own receiving server speaks, and DMARC speaks of the domain that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.mail.test_outbox import NOW
from tests.foundation.mail.test_receiving import a_message

from chancery.foundation.mail.authentication import SenderChecks, sender_checks, standing_of
from chancery.foundation.mail.models import IncomingHandling
from chancery.foundation.mail.reading import read_mail
from chancery.foundation.mail.receiving import take_in
from chancery.foundation.mail.states import SenderStanding, Verdict

OURS = "mx.chancery.example"
PASS, FAIL, NONE, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.NONE, Verdict.UNKNOWN
ABOUT = "header.from=mumbai.example"
DMARC = f"dmarc=pass {ABOUT}"
GOOD = f"{OURS}; spf=pass smtp.mailfrom=mumbai.example; dkim=pass header.d=mumbai.example; {DMARC}"


def checks(*headers: str, server: str = OURS) -> SenderChecks:
    return sender_checks(headers, server=server, sender="asha@mumbai.example")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        pytest.param(GOOD, SenderChecks(PASS, PASS, PASS), id="all three pass"),
        pytest.param(GOOD.upper(), SenderChecks(PASS, PASS, PASS), id="in capitals"),
        pytest.param(
            f"{OURS} 1; dmarc=fail (p=none; x) {ABOUT}", SenderChecks(dmarc=FAIL), id="a version and a comment"
        ),
        pytest.param(f"{OURS}; none", SenderChecks(), id="nothing was checked"),
        pytest.param(f"{OURS}; spf=none; dkim=neutral", SenderChecks(NONE, NONE), id="nothing to check by"),
        pytest.param(f"{OURS}; spf=temperror; dmarc=permerror {ABOUT}", SenderChecks(), id="an error says nothing"),
        pytest.param(f"{OURS}; dkim=fail; dkim=pass", SenderChecks(dkim=PASS), id="one of two signatures passes"),
        pytest.param(f"{OURS}; dkim=pass; dkim=fail", SenderChecks(dkim=PASS), id="one of two passes, first"),
        pytest.param(f'{OURS}; spf=fail reason="x; {DMARC}"', SenderChecks(spf=FAIL), id="words in a reason"),
        pytest.param(f"{OURS}; spf=fail (x; {DMARC})", SenderChecks(spf=FAIL), id="words in a comment"),
        pytest.param(f"{OURS}; {DMARC}", SenderChecks(dmarc=PASS), id="sender's domain"),
        pytest.param(f"{OURS}; dmarc=pass header.from=evil.example", SenderChecks(), id="another domain"),
        pytest.param(f'{OURS}; dmarc=pass header.from="evil.example"', SenderChecks(), id="another in marks"),
        pytest.param(
            f'{OURS}; dmarc=pass header.from="mumbai.example"', SenderChecks(dmarc=PASS), id="domain in marks"
        ),
        pytest.param(f"{OURS}; dmarc=pass", SenderChecks(), id="no domain"),
        pytest.param(f"{OURS}; {DMARC} header.from=evil.example", SenderChecks(), id="two domains"),
        pytest.param(f"{OURS}; dmarc=fail {ABOUT}; {DMARC}", SenderChecks(), id="two results"),
        pytest.param(f"mx.evil.example; {DMARC}", SenderChecks(), id="another server"),
        pytest.param(f"{OURS}.evil.example; {DMARC}", SenderChecks(), id="a name that begins like ours"),
        pytest.param("", SenderChecks(), id="empty"),
    ],
)
def test_a_header_says(header: str, found: SenderChecks) -> None:
    assert checks(header) == found


def test_a_header_below_ours_does_not_count_even_in_our_name() -> None:
    assert checks(f"{OURS}; dmarc=fail {ABOUT}", GOOD) == SenderChecks(dmarc=FAIL)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(
            "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=mumbai.example; dkim=pass (signature was verified) "
            "header.d=mumbai.example;dmarc=pass action=none header.from=mumbai.example;compauth=pass reason=100",
            id="no blank after the end of a part",
        ),
        pytest.param(
            'dkim=pass header.i=@mumbai.example header.s=s1 header.b="ab/c+d"; spf=pass (mx: domain of '
            "a@mumbai.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@mumbai.example; "
            "dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=mumbai.example",
            id="comments between",
        ),
        pytest.param(
            "dkim=pass (2048-bit rsa key) header.b=abc= x-bits=2048; spf=pass smtp.mailfrom=a@mumbai.example; "
            "x-return-mx=pass header.domain=mumbai.example policy.is_org=yes (MX Records found: a.b,c.d); "
            "dmarc=pass policy.published-domain-policy=none (p=none,d=none) header.from=mumbai.example;",
            id="more methods and an end after the last",
        ),
    ],
)
def test_what_servers_write_is_read(written: str) -> None:
    assert checks(f"{OURS}; {written}") == SenderChecks(PASS, PASS, PASS)


@pytest.mark.parametrize(
    "spf",
    [
        pytest.param('spf=pass (domain of "x(("@evil.example designates us)', id="brackets in a comment"),
        pytest.param("spf=pass smtp.helo=a(b", id="a bracket that stands alone"),
        pytest.param("spf=pass smtp.helo=a)b", id="a bracket that ends nothing"),
        pytest.param('spf=pass smtp.helo=a"b', id="a mark that stands alone"),
        pytest.param("spf=pass smtp.helo=a\\b", id="a backslash"),
        pytest.param("spf=pass smtp.helo=a b", id="words of no property"),
        pytest.param(
            f'spf=pass (domain of "x); {DMARC}; x=y ("@evil.example designates us)', id="a result in a comment"
        ),
    ],
)
@pytest.mark.parametrize("after", [f"; dmarc=fail {ABOUT}", f"; {DMARC}", ""], ids=["fails", "passes", "not told"])
def test_a_header_into_which_a_sender_wrote_says_nothing(spf: str, after: str) -> None:
    assert checks(f"{OURS}; {spf}{after}") == SenderChecks()


def test_a_header_that_is_too_long_says_nothing_and_no_other_speaks_for_it() -> None:
    signed = "".join(f"; dkim=pass header.d=evil{number}.example" for number in range(200))
    raw = f"Authentication-Results: {OURS}{signed}; {DMARC}\r\nAuthentication-Results: {GOOD}\r\n\r\n"

    assert checks(*read_mail(raw.encode()).results) == SenderChecks()


def test_without_a_name_no_server_is_believed() -> None:
    assert checks(GOOD, f"; {DMARC}", server="") == SenderChecks()


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
    raw = a_message(Authentication_Results=f"mx.mumbai.example; {DMARC}")
    forged = take_in(raw, source="file", now=NOW).mail
    told = take_in(f"Authentication-Results: {GOOD}\r\n".encode() + raw, source="file", now=NOW).mail

    standings = [IncomingHandling.objects.get(mail=mail).sender_standing for mail in (forged, told)]

    assert standings == [SenderStanding.NOT_SAID, SenderStanding.CONFIRMED]
