"""Mail that a provider posts to us instead of keeping it in a mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chancery.foundation import clock
from chancery.journey.correspond import receive_mail as take_in

PLAIN = "text/plain; charset=utf-8"


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def receive_mail(request: HttpRequest) -> HttpResponse:
    """Take in the messages of a post as the poller of the mailbox does: committed before the provider hears of it.

    Whatever goes wrong on our side is an error of ours (500), after which the provider tries again; the same message
    twice counts once.
    """
    if not settings.INBOUND_MAIL:
        raise Http404
    # Late: the views of the providers bring an HTTP client along, which nothing else of a web process needs.
    from chancery.interfaces.api.inbound import NoRawMessage, NotGenuine, posted_messages

    if request.method == "HEAD":  # some providers look whether the address answers
        return HttpResponse(content_type=PLAIN)
    try:
        posted = posted_messages(request, settings.INBOUND_MAIL)
    except NotGenuine:
        return HttpResponse("The password or the signature is missing or wrong.\n", status=403, content_type=PLAIN)
    except NoRawMessage:
        words = (
            "No raw message. Postmark: tick 'Include raw email content in JSON payload'. "
            "Mailgun: let the route forward to this address that ends with /mime.\n"
        )
        return HttpResponse(words, status=422, content_type=PLAIN)
    for message in posted:
        take_in(raw=message.raw, source="webhook", now=clock.now(), received_at=message.received_at)
    return HttpResponse("Taken in.\n", content_type=PLAIN)
