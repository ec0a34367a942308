"""Who reads a statement file right now: a lease on the machine's clock, which a dead process gives up at once."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from chancery.domain.billing.models import StatementFile

LEASE = timedelta(minutes=2)


def new_token() -> str:
    """Return a token that names this process, so that another one on the same machine can tell it has died."""
    return f"{socket.gethostname()[:60]}|{os.getpid()}|{secrets.token_hex(8)}"


def is_alive(file: StatementFile, machine_now: datetime) -> bool:
    """Tell whether somebody is still reading the file."""
    if file.leased_until is None or file.leased_until <= machine_now:
        return False
    host, _, rest = file.lease_token.partition("|")
    pid = rest.partition("|")[0]
    return host != socket.gethostname()[:60] or not pid.isdigit() or _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
