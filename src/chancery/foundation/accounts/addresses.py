"""The one form of an e-mail address by which a person is known: two spellings of one mailbox are one, nothing else is.

Databases do not agree on the case of letters (PostgreSQL's ``UPPER`` makes an I of U+0131, an S of U+017F), so that a
look-alike domain could be taken for somebody's own: addresses are brought to this form in Python and compared as they
are. Decision 86.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, validate_email
from django.db.models import Q
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from chancery.foundation.ruling import Refused, refusal

# What the column of an account holds.
LONGEST = 254


class NotAnAddress(Refused):
    """The words are no address, or one whose part before the @ is not of ASCII letters (``local_part_not_ascii``)."""


def address_of(text: str) -> str:
    """Return the form by which the owner of an address is known: lower case, the domain as mail is sent to it.

    :raises NotAnAddress: when it is none.
    """
    local, _at, domain = text.strip().rpartition("@")
    if not local.isascii():
        raise NotAnAddress(refusal("local_part_not_ascii"))
    try:
        address = f"{local}@{punycode(domain)}".lower()
        validate_email(address)  # after the change: a domain may hold what becomes an @ or a blank
    except (UnicodeError, ValidationError):
        raise NotAnAddress(refusal("not_an_address")) from None
    if len(address) > LONGEST:
        raise NotAnAddress(refusal("not_an_address"))
    return address


def is_same_address(one: str, other: str) -> bool:
    """Tell whether two addresses as somebody wrote them are one mailbox; what is no address is only the same text."""
    try:
        return address_of(one) == address_of(other)
    except NotAnAddress:
        return one == other


def written_as(field: str, address: str) -> Q:
    """Return the condition that a field, kept as somebody wrote it, holds an address, whatever the case of its letters.

    Only ASCII is looked at: there both engines change the same letters.
    """
    return Q(**{f"{field}__iexact": address, f"{field}__regex": r"^[ -~]+$"})


class AddressField(forms.EmailField):
    """Asks for an address by which a person is known, and returns it in the one form."""

    def clean(self, value: Any) -> str:
        """Return the address in its one form; blank where none is asked.

        :raises ValidationError: when it is none, or has other than ASCII letters before the @.
        """
        typed = super().clean(value)
        try:
            return address_of(typed) if typed else ""
        except NotAnAddress as refused:
            raise ValidationError(self._words_for(refused), code="invalid") from None

    def _words_for(self, refused: NotAnAddress) -> str:
        if "local_part_not_ascii" in refused.ruling.reasons:
            return _("Before the @ we can only take the letters a to z, figures and signs such as a dot.")
        return str(self.error_messages.get("invalid") or EmailValidator.message)
