"""Choose the language in which somebody reads pages and mails, and keep it from page to page."""

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse

from chancery.foundation.accounts.models import Person, User

# A link from a page whose address names its language to one whose address does not says it here.
ASKED = "in"
# What each language calls itself: who reads no other finds it.
OWN_NAMES = {"en": "English", "es": "Español", "fr": "Français", "ca": "Català"}


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Keep the language for the account and for the person behind it; a matter of taste leaves no trail."""
    user.language = language
    user.save(update_fields=["language"])
    Person.objects.filter(user=user).update(language=language)


def in_language(response: HttpResponse, language: str) -> HttpResponse:
    """Let this browser be spoken to in a language from now on; the answer is the response given."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
