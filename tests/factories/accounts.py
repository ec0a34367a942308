"""Accounts, persons and roles for tests."""

from datetime import UTC, datetime
from itertools import count

from chancery.foundation.accounts.models import Person, RoleGrant, User
from chancery.foundation.accounts.roles import Role

NOW = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)
PASSWORD = "four harmless words here"
_numbers = count(1)


def make_user(email: str = "", *, password: str = "", language: str = "en") -> User:
    """Return a saved account; without a password it signs in by code only."""
    user = User(email=email or f"person{next(_numbers)}@city.example", language=language)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    return user


def make_person(name: str = "Iva Bura", *, user: User | None = None) -> Person:
    """Return a saved person with an account."""
    user = user or make_user()
    return Person.objects.create(user=user, name=name, email=user.email)


def make_officer(*roles: Role, email: str = "", password: str = PASSWORD) -> User:
    """Return an account that holds the roles."""
    user = make_user(email, password=password)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_at=NOW)
    return user
