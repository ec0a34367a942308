"""A real IMAP server on loopback, without privileges, in a folder of its own."""

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, GROUP, PASSWORD = "nobody", "nogroup", "secret"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@dataclass(frozen=True)
class MailServer:
    """A server with one account."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Where our poller finds it."""
        return f"imap://diploma:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def deliver(self, raw: bytes, at: datetime) -> None:
        """Put a message into the mailbox as if it had come at an instant."""
        with self._client() as client:
            client.append("INBOX", "", imaplib.Time2Internaldate(at.timestamp()), raw)

    def flags(self) -> list[bytes]:
        """Return the flags of each message."""
        with self._client() as client:
            client.select("INBOX", readonly=True)
            return [part for part in client.uid("FETCH", "1:*", "(FLAGS)")[1] if part]

    def mark(self, flags: str) -> None:
        """Set flags on every message, as a person with a mail program does."""
        with self._client() as client:
            client.select("INBOX")
            client.uid("STORE", "1:*", "FLAGS.SILENT", flags)

    def count_anew(self) -> None:
        """Let the server count its messages anew: another UIDVALIDITY, other numbers."""
        for path in (self.folder / "mail").glob("dovecot*"):
            path.unlink()

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("diploma", PASSWORD)
        try:
            yield client
        finally:
            client.logout()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run the server for as long as the block lasts; a machine without it fails the test."""
    as_root = os.geteuid() == 0
    who = {"user": USER, "group": GROUP} if as_root else {}
    names = (USER, GROUP) if as_root else (os.environ["USER"], os.environ["USER"])
    with tempfile.TemporaryDirectory(prefix="chancery-dovecot-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _free_port()
        (folder / "run").mkdir()
        words = {"folder": folder, "port": port, "user": names[0], "group": names[1], "password": PASSWORD}
        (folder / "dovecot.conf").write_text(CONFIGURATION.format(**words))
        if as_root:
            for path in (folder, folder / "run", folder / "dovecot.conf"):
                shutil.chown(path, USER, GROUP)
        server = subprocess.Popen([PROGRAM, "-F", "-c", folder / "dovecot.conf"], cwd=folder, **who)
        try:
            _wait_until_answering(port, folder)
            yield MailServer(port, folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answering(port: int, folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    log = folder / "log"
    raise AssertionError(f"dovecot does not answer: {log.read_text() if log.exists() else 'no log'}")
