"""Write docs/operate/privacy.md from the declarations of the models: ``python -m tests.house.privacy_page``."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operate" / "privacy.md"
TOP = """# What is kept about people, and for how long

Made from the models' `privacy` declarations by `python -m tests.house.privacy_page`; a house test compares. The
periods are defaults for an organiser in Barcelona, not legal advice: have them judged for yours.

Periods stand in `src/chancery/foundation/privacy/retention.toml`, one key a rule, each with the source of the rule;
the public page reads the same file. The worker deletes each night what is over (`retention` in its log and among its
heartbeats): one thing a transaction, so that it may be killed at any moment and goes on with the rest. Nothing goes
while it is needed: an application under way, a live place, an open bill, a running refund, a cancellation that waits, a
promise that is not met. `chancery privacy due` lists what would go, and what is held back and why.

- **application**: answers, papers, payer, texts of the dialogue, reasons of assessors, copies as PDF, mails about it,
  and the words of its events are deleted; that there was one, its number and how it ended stay, without a name once the
  account is gone.
- **account**: name and address are blanked, a number stays; not while anything of the person is kept, and never an
  account with a role.
- **mail**: the raw message and its words are deleted; that there was a mail stays. What a mailbox still offers is not
  fetched again.
- **files** go from the disk after the commit; a removal that was broken off is found by the next sweep.
- **not deleted by the program**: bills, credit notes, bank lines, refunds and their papers (`money`). Their period is a
  minimum; the database refuses their deletion, so that it takes an administrator who knows what the law asks.
- **a person asks**: on the account page, or `chancery privacy export` gives a copy, by the last column of the table
  below; `chancery privacy erase` deletes at once what no law keeps, names what stays and until when, and refuses while
  something is open. Administrators and auditors see the same lists on `/office/kept/`.
- **backups** hold what was deleted since they were made: keep them no longer than you must, and after
  a restore erase again whoever was erased since.

| room | record | at erasure | kept | a person receives |
|---|---|---|---|---|
"""
RULES = ("| rule | kept | ended by | source |", "|---|---|---|---|")


def privacy_page() -> str:
    """Return the page: a row for each model that holds something personal. Models can be read once Django is set up."""
    from django.apps import apps

    from chancery.foundation.privacy.declarations import Erase
    from chancery.foundation.privacy.retention import periods

    declared = [(model, model.__dict__.get("privacy")) for model in apps.get_models()]
    rows = [
        f"| {model._meta.app_label} | `{model.__name__}` | {own.erase} | `{own.retention}` | {', '.join(own.export)} |"
        for model, own in declared
        if own is not None and own.erase is not Erase.NOTHING_PERSONAL
    ]
    rules = [f"| `{rule.key}` | {_kept(rule.key)} | {rule.by or ''} | {rule.source} |" for rule in periods().values()]
    return TOP + "\n".join([*rows, "", *RULES, *rules, ""])


def _kept(key: str) -> str:
    """Return a rule in words; a rule that is one of several names them."""
    from chancery.foundation.privacy.retention import period

    rule = period(key)
    if rule.one_of:
        return " or ".join(f"`{part}`" for part in rule.one_of)
    if rule.since is None:
        return "no end of its own"
    length = f"{rule.days} days" if rule.days else f"{rule.months} months"
    return f"{length} from {rule.since}"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(privacy_page())
