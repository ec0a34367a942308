"""``{{ grant.role|role }}``: a role in the reader's language."""

from django import template

from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import role_label

register = template.Library()


@register.filter
def role(code: str) -> str:
    """Return the words for a role."""
    return str(role_label(Role(code)))
