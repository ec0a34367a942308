"""How a bank writes its CSV, as an officer says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.domain.billing.readers.csv_mapping import CsvMapping, MappingRefused, mapping_from_values

DELIMITERS = [(";", ";"), (",", ","), ("\t", _("tabulator")), ("|", "|")]
DECIMALS = [(",", "1.234,56"), (".", "1,234.56")]
DATES = [
    ("%d/%m/%Y", "31/12/2024"),
    ("%Y-%m-%d", "2024-12-31"),
    ("%d.%m.%Y", "31.12.2024"),
    ("%d-%m-%Y", "31-12-2024"),
    ("%m/%d/%Y", "12/31/2024"),
    ("%d/%m/%y", "31/12/24"),
    ("%d.%m.%y", "31.12.24"),
]


class MappingForm(forms.Form):
    """Columns by the names in the header; blank where the file has none."""

    name = forms.CharField(label=_("Name of this mapping"), max_length=60)
    account = forms.CharField(label=_("IBAN or account number"), max_length=40)
    currency = forms.RegexField(label=_("Currency"), regex=r"^[A-Za-z]{3}$", initial="EUR")
    booking_date = forms.CharField(label=_("Column of the booking day"), max_length=100)
    value_date = forms.CharField(label=_("Column of the value day"), max_length=100, required=False)
    amount = forms.CharField(
        label=_("Column of the amount"),
        help_text=_("With its sign. Leave it blank where money in and money out have a column each."),
        max_length=100,
        required=False,
    )
    credit = forms.CharField(label=_("Column of money in"), max_length=100, required=False)
    debit = forms.CharField(label=_("Column of money out"), max_length=100, required=False)
    balance = forms.CharField(
        label=_("Column of the balance"),
        help_text=_("Where there is one, each line is checked against it."),
        max_length=100,
        required=False,
    )
    payer_name = forms.CharField(label=_("Column of the other party's name"), max_length=100, required=False)
    payer_iban = forms.CharField(label=_("Column of the other party's account"), max_length=100, required=False)
    remittance = forms.CharField(
        label=_("Columns of the text"), help_text=_("Several: one a line."), required=False, widget=forms.Textarea
    )
    bank_reference = forms.CharField(label=_("Column of the bank's own reference"), max_length=100, required=False)
    end_to_end_id = forms.CharField(label=_("Column of the end-to-end reference"), max_length=100, required=False)
    delimiter = forms.ChoiceField(label=_("Between the columns"), choices=DELIMITERS)
    decimal_mark = forms.ChoiceField(label=_("How amounts are written"), choices=DECIMALS)
    date_format = forms.ChoiceField(label=_("How days are written"), choices=DATES)
    encoding = forms.CharField(label=_("Encoding"), max_length=20, initial="utf-8")
    rows_before = forms.IntegerField(label=_("Rows before the header"), min_value=0, max_value=100, initial=0)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Give the text columns a low box."""
        super().__init__(*args, **more)
        self.fields["remittance"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be read by, in the words of the mapping."""
        told: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.mapping()
            except MappingRefused as refused:
                self.add_error(None, str(refused))
        return told

    def mapping(self) -> CsvMapping:
        """Return what was typed.

        :raises MappingRefused: when it cannot be read by.
        """
        values = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        values["currency"] = values["currency"].upper()
        values["thousands_mark"] = "." if values["decimal_mark"] == "," else ","
        values["remittance"] = [line.strip() for line in values["remittance"].splitlines() if line.strip()]
        return mapping_from_values(values)
