"""The office as somebody with these roles enters it, for tests of its pages; the test waives the second factor."""

from django.test import Client
from tests.factories.accounts import make_officer

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role


def enter(*roles: Role) -> Client:
    """Return a client that is signed in with an account of its own."""
    return enter_known(*roles)[0]


def enter_known(*roles: Role) -> tuple[Client, User]:
    """Return a client that is signed in, and its account."""
    officer, client = make_officer(*roles), Client()
    client.force_login(officer)
    return client, officer
