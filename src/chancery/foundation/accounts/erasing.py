"""Close an account for good: what remains is a number, so that the trail still knows one person from another."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from chancery.foundation.accounts.models import Invitation, Person, SavedView, SignInCode, User
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.erasing import erase_personal_parts
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import ref
from chancery.foundation.audit.services import record
from chancery.foundation.tasks.models import FormToken

# Reserved by RFC 2606: no mail can ever go there.
NOWHERE = "erased-{number}@erased.invalid"


@transaction.atomic
def erase_account(*, user: User, actor: Actor, now: datetime) -> None:
    """Blank the names and the address of an account and its person; nobody can sign in to it any more.

    Roles that it held stay in the trail by its number.
    """
    person = Person.objects.filter(user=user).first()
    SignInCode.objects.filter(email=user.email).delete()
    Invitation.objects.filter(user=user).delete()
    SavedView.objects.filter(owner=user).delete()
    FormToken.objects.filter(user_id=user.pk).delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    erase_personal_parts([ref(user), *([ref(person)] if person else [])])
    if person is not None:
        Person.objects.filter(pk=person.pk).update(
            name="", name_on_certificate="", latin_name="", email="", erased_at=now
        )
    user.set_unusable_password()
    user.email, user.name, user.is_active, user.last_login = NOWHERE.format(number=user.pk), "", False, None
    user.save(update_fields=["email", "name", "is_active", "last_login", "password"])
    record(Event.PERSON_ERASED, actor=actor, subject=user, now=now)
