"""A wrong variable ends the start with a sentence that names it and says what to write."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chancery.config import environment
from chancery.config.environment import inbound_mail, mailbox_url, site_url
from chancery.interfaces.cli import demo_instance

GOOD = "imaps://diploma:pass%2Fword@mail.example/INBOX"


@pytest.mark.parametrize("url", ["", GOOD, "imap+tls://mail.example", "imap://127.0.0.1:1143/INBOX"])
def test_an_address_of_a_mailbox_is_taken_as_it_is(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_IMAP_URL", url)

    assert mailbox_url() == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://diploma:hidden@mail.example", id="another scheme"),
        pytest.param("imaps:///INBOX", id="no host"),
        pytest.param("mail.example", id="a bare host"),
        pytest.param("imaps://diploma:hidden/word@mail.example/INBOX", id="a slash in the password"),
        pytest.param("imaps://diploma:hidden@mail.example:imap/INBOX", id="a port in words"),
    ],
)
def test_a_wrong_address_ends_the_start_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_IMAP_URL", url)

    with pytest.raises(SystemExit) as ended:
        mailbox_url()

    assert str(ended.value) == (
        "CHANCERY_IMAP_URL is no address of a mailbox. Write imaps://user:password@host/folder, with any of"
        " : / ? # @ % in the user or the password as %3A %2F %3F %23 %40 %25, and start again."
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        pytest.param({"CHANCERY_INBOUND_MAIL": "sendgrid"}, "write mailgun or postmark", id="another provider"),
        pytest.param({"CHANCERY_INBOUND_MAIL": "postmark"}, "CHANCERY_INBOUND_SECRET", id="no secret"),
        pytest.param(
            {"CHANCERY_INBOUND_MAIL": "postmark", "CHANCERY_INBOUND_SECRET": "us:short"}, "16 characters", id="short"
        ),
        pytest.param(
            {"CHANCERY_INBOUND_MAIL": "mailgun", "CHANCERY_INBOUND_SECRET": "us:long-enough-for-us"},
            "CHANCERY_MAILGUN_SIGNING_KEY",
            id="no signing key",
        ),
    ],
)
def test_a_provider_without_its_secrets_ends_the_start(
    variables: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        inbound_mail()

    assert named in str(ended.value)
    assert "long-enough" not in str(ended.value)


def test_a_provider_with_its_secrets_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_INBOUND_MAIL", "postmark")
    monkeypatch.setenv("CHANCERY_INBOUND_SECRET", "us:long-enough-for-us")

    assert inbound_mail() == ("postmark", {"WEBHOOK_SECRET": "us:long-enough-for-us"})


@pytest.mark.parametrize(
    ("mode", "named", "site"),
    [
        pytest.param("", "", "http://127.0.0.1:8177", id="a command of the demo"),
        pytest.param("", "https://diploma.example/", "https://diploma.example", id="the environment says it"),
        pytest.param("production", "", "http://127.0.0.1:8000", id="no demo"),
    ],
)
def test_commands_name_the_site_by_the_port_of_the_last_demo(
    mode: str, named: str, site: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "VAR", tmp_path)
    monkeypatch.setenv("CHANCERY_DATABASE_URL", f"sqlite:///{tmp_path}/demo.sqlite3")
    monkeypatch.setenv("CHANCERY_MODE", mode)
    monkeypatch.setenv("CHANCERY_SITE_URL", named)

    assert demo_instance.claim("http://127.0.0.1:8177") == ""

    assert site_url() == site


@pytest.mark.parametrize(
    ("made", "is_claimed"),
    [
        pytest.param("PRAGMA journal_mode=WAL", True, id="a database that a command left empty"),
        pytest.param("CREATE TABLE place (id)", False, id="an instance that is not the demo"),
    ],
)
def test_the_demo_takes_an_empty_database_and_leaves_any_other_alone(
    made: str, is_claimed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "VAR", tmp_path)
    monkeypatch.setenv("CHANCERY_DATABASE_URL", f"sqlite:///{tmp_path}/some.sqlite3")
    with closing(sqlite3.connect(tmp_path / "some.sqlite3")) as connection:
        connection.execute(made)

    assert (demo_instance.claim("http://127.0.0.1:8000") == "") is is_claimed
