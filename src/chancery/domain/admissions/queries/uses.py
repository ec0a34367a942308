"""Read how far the questions and criteria of an edition are used: who answered them, who scored by them."""

from chancery.domain.admissions.models import ApplicationAnswer, Assessment
from chancery.domain.admissions.policies.form import chosen
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.models import Edition


def count_answers(edition: Edition, key: str) -> int:
    """Return how many applications of an edition hold an answer to a question; parts of an answer count with it."""
    answers = ApplicationAnswer.objects.filter(application__edition=edition)
    own = answers.filter(key=key) | answers.filter(key__startswith=f"{key}.")
    return own.values("application").distinct().count()


def chosen_options(edition: Edition, key: str) -> frozenset[str]:
    """Return the answers to a choice that anybody's sent application holds."""
    answers = ApplicationAnswer.objects.filter(application__edition=edition, key=key)
    sent = answers.exclude(application__state=ApplicationState.DRAFT).values_list("value", flat=True).distinct()
    return frozenset(option for value in sent for option in chosen(value))


def count_scores(edition: Edition) -> int:
    """Return how many assessments of an edition are in."""
    return Assessment.objects.filter(application__edition=edition, submitted_at__isnull=False).count()
