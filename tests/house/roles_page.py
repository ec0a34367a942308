"""Write docs/roles.md from the code: ``python -m tests.house.roles_page``."""

from pathlib import Path

from django.utils.translation import override

from chancery.foundation.accounts.roles import GRANTS, Permission, Role
from chancery.foundation.accounts.wording import ROLE_PURPOSES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
TOP = """# Roles of the office

Made from `src/chancery/foundation/accounts/roles.py` by `python -m tests.house.roles_page`; a house test compares.
One person may hold several roles and may then do what any of them may. Two rules stand above the matrix: nobody
approves their own proposal, whatever roles they hold (unless the edition says `four_eyes = "none"`), and nobody
assesses an application of their own city or one that they declared an interest in. Applicants, participants and payers
hold no role: they reach what is their own.
"""


def roles_page() -> str:
    """Return the page: a sentence a role, then the matrix of permissions."""
    with override("en"):  # a test before may have left the language of the page that it read
        sentences = [f"- **{role}**: {ROLE_PURPOSES[role]}" for role in Role]
    head = ["| may | " + " | ".join(Role) + " |", "|---" * (len(Role) + 1) + "|"]
    rows = [_row(permission) for permission in Permission]
    return "\n".join([TOP, *sentences, "", *head, *rows, ""])


def _row(permission: Permission) -> str:
    marks = ["x" if permission in GRANTS[role] else "" for role in Role]
    return f"| {permission} | " + " | ".join(marks) + " |"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(roles_page())
