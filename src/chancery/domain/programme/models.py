"""Editions as data: the row holds what rules and lists need, the revision holds the whole file."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.programme.states import ProposalState
from chancery.foundation.privacy.declarations import NOT_PERSONAL


class Programme(models.Model):
    """The diploma itself, of which there are editions."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    privacy = NOT_PERSONAL


class Edition(models.Model):
    """One run of a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="editions")
    slug = models.SlugField(unique=True)
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    provisional = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    capacity = models.PositiveIntegerField()
    minimum = models.PositiveIntegerField(default=0)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reference_prefix = models.CharField(max_length=10)
    dates_settled_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="edition_starts_before_it_ends"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="edition_has_capacity"),
            models.UniqueConstraint(fields=["programme", "number"], name="edition_number_once"),
        ]

    def __str__(self) -> str:
        return self.slug


class EditionRevision(models.Model):
    """The edition file as it was loaded; written once, the newest one is shown."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="revisions")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    privacy = NOT_PERSONAL


class Terms(models.Model):
    """The rules by which a person takes part, frozen; a changed rule is a new version."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField()
    rule = models.JSONField()
    frozen_at = models.DateTimeField()

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "version"], name="terms_version_once")]


class DateChange(models.Model):
    """Dates of an edition were confirmed or moved: from what to what, by whom; written once."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="date_changes")
    starts_before = models.DateField()
    ends_before = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    provisional = models.BooleanField()
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    privacy = NOT_PERSONAL


class SettingsProposal(models.Model):
    """Other values for the account, or for who guards it, that one person wants and another decides about."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="settings_proposals")
    wanted = models.JSONField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ProposalState], default=ProposalState.PROPOSED)
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(alone=True, decided_by=F("proposed_by"))
                | (Q(alone=False) & ~Q(decided_by=F("proposed_by"))),
                name="settings_proposal_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="proposed"), name="settings_proposal_open_once"
            ),
        ]
