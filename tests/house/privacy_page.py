"""Write docs/operate/privacy.md from the declarations of the models: ``python -m tests.house.privacy_page``."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operate" / "privacy.md"
TOP = """# What is kept about people, and for how long

Made from the models' `privacy` declarations by `python -m tests.house.privacy_page`; a house test compares. The
periods are defaults for an organiser in Barcelona, not legal advice: have them judged for yours.

What ends by itself today: idle drafts (60 days, and not before the call closes), sign-in codes, invitations, form
tokens, counts of tries and sessions. The other periods are declared and not yet enforced: export and erasure of a
person come with a later version. Rows that the law keeps hold ids, figures and what was printed; free words stand
in rows of their own that can be deleted without breaking the audit trail.

| room | record | at erasure | kept | a person receives |
|---|---|---|---|---|
"""


def privacy_page() -> str:
    """Return the page: a row for each model that holds something personal. Models can be read once Django is set up."""
    from django.apps import apps

    from chancery.foundation.privacy.declarations import Erase

    declared = [(model, model.__dict__.get("privacy")) for model in apps.get_models()]
    rows = [
        f"| {model._meta.app_label} | `{model.__name__}` | {own.erase} | {own.retention} | {', '.join(own.export)} |"
        for model, own in declared
        if own is not None and own.erase is not Erase.NOTHING_PERSONAL
    ]
    return TOP + "\n".join([*rows, ""])


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(privacy_page())
