"""Choose the language in which somebody reads pages and mails."""

from django.db import transaction

from chancery.foundation.accounts.models import Person, User


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Keep the language for the account and for the person behind it; a matter of taste leaves no trail."""
    user.language = language
    user.save(update_fields=["language"])
    Person.objects.filter(user=user).update(language=language)
