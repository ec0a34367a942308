"""Is it alive, is it ready, how much waits: for supervisors and monitoring."""

import hmac
import os
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from chancery.domain.enrollment.queries import deadline_within
from chancery.foundation import clock
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.documents.queries import list_unrendered
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.queries import count_by_state
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.tasks import heartbeats

DEADLINE_NEAR = timedelta(days=7)
QUEUE_PATIENCE = timedelta(minutes=15)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive; touches nothing."""
    return HttpResponse("alive\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, migrations and queue are well, else 503 with what is not."""
    try:
        problems = _problems()
    except DatabaseError:
        problems = ["the database does not answer"]
    return JsonResponse({"ready": not problems, "problems": problems}, status=503 if problems else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the gauges; only with the token of ``CHANCERY_METRICS_TOKEN``, else as if the page did not exist."""
    token = os.environ.get("CHANCERY_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        raise Http404
    return HttpResponse(generate_latest(_gauges()), content_type=CONTENT_TYPE_LATEST)


def _problems() -> list[str]:
    problems = []
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        problems.append("the database lacks migrations")
    late = MailDelivery.objects.filter(state=DeliveryState.QUEUED, attempts=0, next_at__lt=clock.now() - QUEUE_PATIENCE)
    if late.exists():
        problems.append("mail waits longer than 15 minutes: does the worker run?")
    if _mailbox_is_unread() and deadline_within(DEADLINE_NEAR, now=clock.now()):
        problems.append("nobody has read the mailbox for 15 minutes, and a refund deadline is near")
    return problems


def _mailbox_is_unread() -> bool:
    since = clock.machine_now() - QUEUE_PATIENCE
    return bool(settings.IMAP_URL) and not heartbeats.is_noted("mailbox read", since=since)


def _gauges() -> CollectorRegistry:
    registry = CollectorRegistry()
    mails = Gauge("chancery_mails", "Mails by state of delivery", ["state"], registry=registry)
    for state, count in count_by_state(OutgoingMail.objects.all()).items():
        mails.labels(state).set(count)
    documents = Gauge("chancery_documents_waiting", "Documents that wait to be rendered", registry=registry)
    documents.set(list_unrendered(now=clock.now()).count())
    unsealed = Gauge("chancery_audit_unsealed", "Audit events without a seal", registry=registry)
    unsealed.set(AuditEvent.objects.filter(seal=None).count())
    return registry
