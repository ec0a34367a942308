"""Write the addresses of accounts and persons in lower case, by which they are looked up from now on.

Two accounts that become one are never merged: the column is unique, so the migration stops with an IntegrityError and
changes nothing; somebody decides which of the two stays. An address with other than ASCII letters is left as it is and
signs in no more: nobody can tell from here whether it is its owner's or a look-alike of another's.
"""

from typing import Any

from django.db import migrations


def lower(apps: Any, schema_editor: Any) -> None:
    """Change ASCII letters only, in Python: the engines do not agree on the others."""
    for name in ("User", "Person"):
        rows = apps.get_model("accounts", name).objects.using(schema_editor.connection.alias)
        for pk, email in list(rows.values_list("pk", "email")):
            if email.isascii() and email != email.lower():
                rows.filter(pk=pk).update(email=email.lower())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_saved_views")]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop, elidable=True)]
