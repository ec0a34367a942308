"""An account signs in; a person applies and takes part; a role says what an account may do in the office."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from chancery.foundation.accounts.addresses import NotAnAddress, address_of
from chancery.foundation.accounts.roles import Role
from chancery.foundation.privacy.declarations import Declaration, Erase


class UserManager(BaseUserManager["User"]):
    """Finds accounts by address, in its one form."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this address.

        :raises User.DoesNotExist: when there is none.
        """
        try:
            address = address_of(username or "")
        except NotAnAddress:
            raise self.model.DoesNotExist from None
        return self.get(email=address)


class User(AbstractBaseUser):
    """An account: an e-mail address that signs in by code, for the office by password and second factor.

    ``name`` is what colleagues in the office call its owner; who applies has a person with names of their own.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    privacy = Declaration(
        erase=Erase.BLANK,
        retention="account",
        person="person",
        export=("email", "name", "language"),
        blank=("email", "name"),
    )

    @property
    def label(self) -> str:
        """What the frame of a page calls who is signed in."""
        return self.name or self.email

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]


class Person(models.Model):
    """Someone who applies or takes part; names are kept as written and never parsed."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="person")
    name = models.CharField(max_length=200, blank=True)
    name_on_certificate = models.CharField(max_length=200, blank=True)
    latin_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=5, default="en")
    erased_at = models.DateTimeField(null=True)

    privacy = Declaration(
        erase=Erase.BLANK,
        retention="account",
        person="self",
        export=("name", "name_on_certificate", "latin_name", "email", "language"),
        blank=("name", "name_on_certificate", "latin_name", "email"),
    )


class RoleGrant(models.Model):
    """A role of an account; one account may hold several."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="trail", person="user__person", export=("role",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(revoked_at=None), name="role_granted_once"
            ),
        ]


class SavedView(models.Model):
    """The filters of a list of the office under a name: its owner's own, or shared with all who may open the list.

    ``of`` is the list's name in the URL map, ``query`` its filters as they stand in an address.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    of = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.DELETE, retention="own_choice", person="owner__person", export=("of", "name", "query")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "of", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["owner", "of"], condition=models.Q(is_default=True), name="saved_view_one_default"
            ),
        ]


class Invitation(models.Model):
    """A one-time link to set the password of an office account; only a hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.DELETE, retention="invitation", person="user__person")


class SignInCode(models.Model):
    """A code that went to an address; counts its tries, works once and for a quarter of an hour."""

    email = models.EmailField()
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.DELETE, retention="sign_in_code")
