"""Read the raw message out of what a provider of mail posts; the provider's own view checks who posts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.http import HttpRequest

from chancery.foundation.ruling import Refused, refusal

# Only providers that hand over the message as it came: what is judged by its words has to be kept in its bytes.
VIEWS: Mapping[str, type[AnymailBaseWebhookView]] = {
    "mailgun": MailgunInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
}


class NotGenuine(Refused):
    """The password or the signature of the provider is missing or wrong."""


class NoRawMessage(Refused):
    """What was posted holds no raw message: the provider hands over parts of it only, or something else."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it came, and the instant of reception that the provider signed, where it signs one."""

    raw: bytes
    received_at: datetime | None


def posted_messages(request: HttpRequest, provider: str) -> list[Posted]:
    """Return the messages of a post of the provider.

    :raises NotGenuine: when the post does not come from the provider.
    :raises NoRawMessage: when it holds no message in its bytes.
    """
    view = VIEWS[provider]()
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure as failure:
        raise NotGenuine(refusal("not_genuine")) from failure
    try:
        events = view.parse_events(request)
    except (AnymailConfigurationError, AnymailError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NoRawMessage(refusal("no_raw_message")) from error
    return [Posted(_raw(event.esp_event), event.timestamp) for event in events]


def _raw(posted: Any) -> bytes:
    """Return the bytes of the message, which the provider writes as text."""
    text = posted.POST.get("body-mime") if isinstance(posted, HttpRequest) else posted.get("RawEmail")
    if not isinstance(text, str) or not text.strip():
        raise NoRawMessage(refusal("no_raw_message"))
    return text.encode()
