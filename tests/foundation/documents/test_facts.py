"""Facts of a document survive being stored as JSON."""

import json

import pytest
from tests.domain.billing.papers import ACCRA, credit_note, group_invoice

from chancery.domain.billing.documents import InvoiceDocument
from chancery.foundation.documents.facts import freeze, thaw


@pytest.mark.parametrize("document", [ACCRA, group_invoice(), credit_note()], ids=["one", "group", "credit note"])
def test_a_thawed_document_says_the_same_as_the_frozen_one(document: InvoiceDocument) -> None:
    stored = json.dumps(freeze(document))
    assert freeze(thaw(InvoiceDocument, json.loads(stored))) == freeze(document)


def test_a_thawed_document_has_values_of_the_right_kinds() -> None:
    thawed = thaw(InvoiceDocument, json.loads(json.dumps(freeze(ACCRA))))
    assert (thawed.kind, thawed.issued_on, thawed.participants, thawed.buyer) == (
        ACCRA.kind,
        ACCRA.issued_on,
        ACCRA.participants,
        ACCRA.buyer,
    )


def test_what_is_no_document_is_not_frozen() -> None:
    with pytest.raises(TypeError, match="no document"):
        freeze({"a": 1})
