"""The file of a person who asks to take part, how it was judged, what was said, and the answer."""

from django.db import models
from django.db.models import Q

from chancery.domain.admissions.states import ApplicationState, CallOutcome, Channel, Direction, Outcome
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition, Terms
from chancery.foundation.accounts.models import Person, User
from chancery.foundation.documents.models import Document
from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import Declaration, Erase

_PAYER_EXPORT = ("kind", "legal_name", "address", "postcode", "town", "country", "tax_id", "email")


class GroupRegistration(models.Model):
    """Two or more people who register together; joined by its code."""

    code = models.CharField(max_length=12, unique=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="groups")
    coordinator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=120)
    opened_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.BLANK, retention="application", person="coordinator", export=("code", "name"), blank=("name",)
    )


class Application(models.Model):
    """The file; its answers stand in rows of their own."""

    reference = models.CharField(max_length=20, unique=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, null=True, related_name="applications")
    group = models.ForeignKey(GroupRegistration, on_delete=models.PROTECT, null=True, related_name="applications")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="applications")
    state = models.CharField(max_length=15, choices=[(s, s) for s in ApplicationState], default=ApplicationState.DRAFT)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    # What the desk list sorts by: when the next act is due and whether it is ours.
    turn_due_at = models.DateTimeField(null=True)
    turn_ours = models.BooleanField(default=False)
    search_text = models.CharField(max_length=500, blank=True)
    # When the words of the file were erased; what stays is that there was one and how it ended.
    erased_at = models.DateTimeField(null=True)

    privacy = Declaration(
        erase=Erase.BLANK,
        retention="application",
        person="person",
        export=("reference", "state", "submitted_at"),
        blank=("search_text",),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person"],
                condition=~Q(state__in=["withdrawn", "expired"]),
                name="application_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "expired"]) | Q(submitted_at__isnull=False, terms__isnull=False),
                name="application_sent_with_terms",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "state", "turn_ours", "turn_due_at", "id"], name="application_stage"),
            models.Index(
                fields=["edition", "turn_ours", "turn_due_at", "id", "state", "authority"], name="application_turn"
            ),
            models.Index(
                fields=["authority", "edition", "turn_ours", "turn_due_at", "state"], name="application_region"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ApplicationAnswer(models.Model):
    """What was typed for a question of the edition, valid or not yet."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Declaration(
        erase=Erase.DELETE, retention="application", person="application__person", export=("key", "value")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="answer_once_a_question")]


class ApplicationPart(models.Model):
    """A part of the form: when it was saved last and whether the applicant calls it done."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="parts")
    key = models.CharField(max_length=30)
    done = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="application", person="application__person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="part_once_an_application")]


class PayerWords(models.Model):
    """Whoever pays, as somebody wrote it."""

    class Kind(models.TextChoices):
        """Kinds of payer; the right of withdrawal depends on it (law)."""

        PUBLIC = "public", "public body"
        COMPANY = "company", "company or association"
        PERSON = "person", "natural person"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PUBLIC)
    legal_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=3, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    buyer_reference = models.CharField(max_length=60, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    dir3 = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")

    class Meta:
        abstract = True


class PayerDetails(PayerWords):
    """Who will pay, as the applicant says; apart from the participant."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="payer")

    privacy = Declaration(
        erase=Erase.DELETE,
        retention="application",
        person="application__person",
        export=_PAYER_EXPORT,
    )


class SecondPayer(PayerWords):
    """Who pays a share of the fee beside the first payer: a sum, or a share of one hundred; the first pays the rest.

    Open until it is billed, or until the office says that there is one bill.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="second_payer")
    share_minor = models.BigIntegerField(null=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    named_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    privacy = Declaration(
        erase=Erase.DELETE,
        retention="application",
        person="application__person",
        export=(*_PAYER_EXPORT, "share_minor", "share_percent"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share_minor__isnull=False, share_minor__gt=0, share_percent=None)
                | Q(share_minor=None, share_percent__isnull=False, share_percent__gt=0, share_percent__lt=100),
                name="second_payer_pays_a_sum_or_a_part",
            ),
        ]


class Submission(models.Model):
    """What was sent, as it was sent; written once."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="submission")
    answers = models.JSONField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.DELETE, retention="application", person="application__person", export=("answers",)
    )


class Assessment(models.Model):
    """One assessor's judgement by the edition's criteria; blind to the other until both are in."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments")
    assigned_at = models.DateTimeField()
    scores = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    stood_aside_at = models.DateTimeField(null=True)
    stood_aside_because = models.CharField(max_length=200, blank=True)

    privacy = Declaration(
        erase=Erase.BLANK,
        retention="application",
        person="application__person",
        export=("scores", "reason"),
        blank=("reason", "stood_aside_because"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "assessor"], name="assessment_once_an_assessor"),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(stood_aside_at=None), name="assessment_not_by_who_stands_aside"
            ),
        ]


class DialogueEntry(models.Model):
    """One thing that was said or written between the office and the applicant, or an internal note; written once."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="dialogue")
    direction = models.CharField(max_length=20, choices=[(d, d) for d in Direction])
    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel])
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    call_outcome = models.CharField(max_length=15, choices=[(c, c) for c in CallOutcome], blank=True)
    wished_by = models.DateField(null=True)
    incoming_mail_id = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.WITH_PARENT,
        retention="application",
        person="application__person",
        export=("at", "direction"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="call") | Q(call_outcome=""), name="dialogue_outcome_only_of_calls"
            ),
        ]


class DialogueText(models.Model):
    """The words of an entry; only an erasure deletes them."""

    entry = models.OneToOneField(DialogueEntry, on_delete=models.PROTECT, related_name="words")
    text = models.TextField()

    privacy = Declaration(
        erase=Erase.DELETE, retention="application", person="entry__application__person", export=("text",)
    )


class SupplementRequest(models.Model):
    """That the office asked for what is missing: which questions may be changed again; written once.

    The words of the officer and the wished day stand in the entry of the dialogue.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplement_requests")
    entry = models.OneToOneField(DialogueEntry, on_delete=models.PROTECT, related_name="supplement_request")
    asked = models.JSONField()
    asked_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.WITH_PARENT,
        retention="application",
        person="application__person",
        export=("asked", "asked_at"),
    )


class Supplement(models.Model):
    """What was sent again after the office had asked: all answers as they stood then; written once.

    What was sent first stays as it was.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplements")
    request = models.OneToOneField(SupplementRequest, on_delete=models.PROTECT, related_name="supplement")
    answers = models.JSONField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.DELETE, retention="application", person="application__person", export=("answers",)
    )


class ReplacedFile(models.Model):
    """A paper that had been sent and that the applicant replaced when we asked: kept, since it was sent."""

    request = models.ForeignKey(SupplementRequest, on_delete=models.PROTECT, related_name="replaced_files")
    key = models.CharField(max_length=60)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.DELETE,
        retention="application",
        person="request__application__person",
        export=("key", "replaced_at"),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="file_replaced_once_a_request")]


class Decision(models.Model):
    """The answer to an application as drafted; written once. A changed mind is a new row."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=15, choices=[(o, o) for o in Outcome])
    reason = models.CharField(max_length=60, blank=True)
    dialogue = models.ForeignKey(DialogueEntry, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="application",
        person="application__person",
        export=("outcome", "reason"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="decline") | Q(dialogue__isnull=False), name="decline_needs_a_dialogue"
            ),
        ]


class DecisionStanding(models.Model):
    """What became of a drafted decision: current, dropped before release, or released."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="standing")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decision_standings")
    dropped_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="application", person="application__person")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(dropped_at=None), name="decision_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(released_at=None), name="decision_not_dropped_after_release"
            ),
        ]
