"""What processes do at once with the criteria of an edition and a judgement by them; the real code."""

from chancery.domain.admissions.models import Assessment
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content, newest_revision
from chancery.domain.programme.readers.rows import list_rows
from chancery.domain.programme.services import load_edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.ruling import Refused
from chancery.journey.assess import send_assessment
from chancery.journey.configure import change_rows
from tests.engine.seeds import NOW
from tests.factories.accounts import make_officer
from tests.factories.admissions import ask_to_assess, make_application
from tests.factories.programme import SHIPPED

CRITERION = "criterion"


def ask_a_reader() -> tuple[int, int]:
    """Load the edition and ask somebody to judge an application; return the application and the reader."""
    edition = load_edition(content=SHIPPED.read_bytes(), name="edition", actor=SYSTEM, now=NOW).edition
    application = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
    reader = make_officer(Role.ASSESSOR)
    ask_to_assess(application, reader)
    return application.pk, reader.pk


def judge(application_id: int, reader_id: int) -> str:
    """Send a judgement by the criteria that the edition has before; return what became of it."""
    criteria = get_content(Edition.objects.get()).criteria
    scores = {each.key: each.highest for each in criteria}
    try:
        send_assessment(
            application_id=application_id, scores=scores, reason="Fits.", actor=user_actor(reader_id), now=NOW
        )
    except Refused as refused:
        return type(refused).__name__
    return "done"


def take_a_criterion_out() -> str:
    """Take the last criterion of the edition out; return what became of it."""
    edition = Edition.objects.get()
    rows = range(len(list_rows(get_content(edition), CRITERION)) - 1)
    seen = newest_revision(edition)
    try:
        change_rows(edition_id=edition.pk, seen=seen, table=CRITERION, rows=rows, accepted=True, actor=SYSTEM, now=NOW)
    except Refused as refused:
        return type(refused).__name__
    return "done"


def scored_by() -> tuple[set[str], set[str]]:
    """Return the criteria of the edition, and those that the judgement scores by where it is in."""
    (judgement,) = Assessment.objects.all()
    return set(list_rows(get_content(Edition.objects.get()), CRITERION)), set(judgement.scores or ())
