"""Applicants who all come at once, through the steps that the pages call."""

import threading
from collections.abc import Sequence

from django.db import connections

from chancery.domain.admissions.models import Application
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.journey import apply
from tests.factories.accounts import make_user
from tests.factories.applying import NOW, fill, send
from tests.factories.network import make_city_council
from tests.factories.programme import make_edition


def open_a_call(applicants: int) -> list[int]:
    """Load an edition and open accounts; return their ids."""
    make_city_council()
    make_edition()
    return [make_user().pk for _ in range(applicants)]


def apply_all_at_once(user_ids: Sequence[int]) -> list[str]:
    """Start, fill and send one application an account, each in a thread of its own; return the errors."""
    errors: list[str] = []
    gate = threading.Barrier(len(user_ids))

    def come(user_id: int) -> None:
        gate.wait()
        try:
            user = User.objects.get(pk=user_id)
            application = apply.start(edition=Edition.objects.get(), user=user, actor=user_actor(user_id), now=NOW)
            send(fill(application))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(user_id,)) for user_id in user_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def start_the_same_file(user_id: int, times: int) -> set[str]:
    """Let one account start several times at once; return the references it was given."""
    references: set[str] = set()
    gate = threading.Barrier(times)

    def start() -> None:
        gate.wait()
        try:
            user = User.objects.get(pk=user_id)
            edition = Edition.objects.get()
            references.add(apply.start(edition=edition, user=user, actor=user_actor(user_id), now=NOW).reference)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return references


def of_applications() -> dict[str, object]:
    """Return what came of it."""
    references = sorted(Application.objects.values_list("reference", flat=True))
    return {
        "numbers": [int(reference.rpartition("-")[2]) for reference in references],
        "sent": Application.objects.filter(state="submitted").count(),
        "receipts": OutgoingMail.objects.filter(kind="admissions/receipt").count(),
        "answers_owed": Obligation.objects.filter(kind="first answer").count(),
    }
