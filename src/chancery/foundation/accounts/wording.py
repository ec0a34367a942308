"""Words for roles: their names on the screen and, in a sentence, what each is for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chancery.foundation.accounts.roles import Role

ROLE_NAMES: dict[Role, Promise] = {
    Role.ADMISSIONS: _("admissions"),
    Role.FINANCE: _("finance"),
    Role.SECOND_PERSON: _("second person"),
    Role.DELIVERY: _("delivery"),
    Role.CREDENTIALS: _("credentials"),
    Role.EDITION_LEAD: _("edition lead"),
    Role.ASSESSOR: _("assessor"),
    Role.EXPERT: _("expert"),
    Role.AUDITOR: _("auditor"),
    Role.PEOPLE_ADMIN: _("people administrator"),
}
ROLE_PURPOSES: dict[Role, Promise] = {
    Role.ADMISSIONS: _("Reads applications, talks with applicants and drafts decisions."),
    Role.FINANCE: _("Settles fees, issues invoices and books what the bank says."),
    Role.SECOND_PERSON: _("Approves what another person proposed about money; proposes and books nothing."),
    Role.DELIVERY: _("Runs the sessions and the week in Barcelona."),
    Role.CREDENTIALS: _("Watches the requirements and issues certificates."),
    Role.EDITION_LEAD: _("Answers for an edition: works at every desk and releases decisions."),
    Role.ASSESSOR: _("Judges the applications assigned to them, and sees no fee, due or income class."),
    Role.EXPERT: _("Teaches sessions; has no desk before the delivery room is built."),
    Role.AUDITOR: _("Reads all and changes nothing."),
    Role.PEOPLE_ADMIN: _("Invites people to the office, gives roles and takes them; sees no application."),
}


def role_label(role: Role) -> str:
    """Return the name of a role in the reader's language."""
    return str(ROLE_NAMES[role])
