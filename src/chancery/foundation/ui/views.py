"""The gallery: every component in every state, for the eye and for the accessibility check."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.contrib.messages import ERROR, INFO, SUCCESS
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chancery.foundation.documents.fonts import PrintableName
from chancery.foundation.ui import parts
from chancery.foundation.ui.frame import Account, Bar, LanguageLink, NavGroup, NavItem

TONES = (
    ("yours", "Your turn"),
    ("ours", "With us"),
    ("done", "Place guaranteed"),
    ("idle", "To be confirmed"),
    ("ended", "Withdrawn by you"),
    ("late", "Payment was due on 14 Oct"),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="What is your name?", help_text="As you write it, in any script.")
    email = forms.EmailField(
        label="What is your e-mail address?", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    problem = forms.CharField(
        label="Which problem do you want to work on?", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    country = forms.ChoiceField(label="Which country is your city in?", choices=[("GHA", "Ghana"), ("PER", "Peru")])
    payer = forms.ChoiceField(
        label="Who pays?", widget=forms.RadioSelect, choices=[("city", "My city"), ("me", "I pay myself")]
    )
    letter = forms.FileField(label="Letter of support", required=False, help_text="PDF, up to 5 MB.")
    agree = forms.BooleanField(label="It is true; I accept these terms.")


class SampleFilter(forms.Form):
    """A filter of a list."""

    q = forms.CharField(label="Search", required=False)
    region = forms.ChoiceField(label="Region", required=False, choices=[("", "any"), ("africa", "Africa")])


class Somewhere:
    """A place with a clock."""

    time_zone = "Europe/Madrid"
    place = "Barcelona"


@require_safe
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "ui/gallery.html", {**_frame(), **_lists(), **_figures(), **_forms()})


def _frame() -> dict[str, object]:
    return {
        "bar": Bar("Sample diploma", "/ui/", "18\u201322 Nov 2024 · Barcelona", "To be confirmed"),
        "language_links": [
            LanguageLink("en", "English", "/ui/", current=True),
            LanguageLink("es", "Español", "/ui/?l=es"),
        ],
        "account": Account("Aina Tramuntana", "/ui/", "/ui/"),
        "nav": [
            NavGroup("To do", [NavItem("Today", "/ui/", current=True, count=7), NavItem("Clocks", "/ui/")]),
            NavGroup("Money", [NavItem("Bank", "/ui/")]),
        ],
        "desk_name": "Today",
    }


def _lists() -> dict[str, object]:
    return {
        "said": [
            Message(SUCCESS, "The note is kept. Only the office sees it."),
            Message(INFO, "This was decided already."),
            Message(ERROR, "Set a filter, and write a name for it."),
        ],
        "tones": TONES,
        "steps": [
            parts.Step("Sent", "done", "2 Oct"),
            parts.Step("Talk", "done", "9 Oct"),
            parts.Step("Pay", "now", "by Mon 4 Nov"),
            parts.Step("Guaranteed", "to_come"),
            parts.Step("Certificate", "stopped", "not this time"),
        ],
        "parts": [
            parts.Part("Tell us who you are", "#", "Completed"),
            parts.Part("Share an experience", "#", "In progress", "yours", "about 10 minutes"),
            parts.Part("Check your answers", "", "Opens when 3 parts are done", "idle"),
        ],
        "answers": [
            parts.Answer("Name on the certificate", "Lê Gió Nồm", "#"),
            parts.Answer("Name in your passport", "", "#"),
        ],
        "unprintable": PrintableName("Hana Nefas", True, "ሐና ነፋስ", lacking="ሐናነፋስ", latin_wanted=True),
        "evidence": [
            parts.Evidence("plus", "amount equal, the whole sum"),
            parts.Evidence("minus", "another currency"),
            parts.Evidence("note", "reference: 1 digit off (0012)"),
        ],
        "due": [
            parts.DueItem("Rami Shamal", "#", "our answer", "Fri 18 Oct", "late", "1 day late"),
            parts.DueItem("Iva Bura", "#", "first answer", "Mon 28 Oct", "ours", "to do"),
        ],
        "kept": parts.KeptViews(
            "#",
            "",
            "",
            "region=africa",
            [
                parts.KeptView("Late in Africa", "#", "#", is_default=True),
                parts.KeptView("To read", "#", is_shared=True),
            ],
        ),
        "page": parts.PageLinks("11 to 20 of 41", "?page=1", "?page=3"),
    }


def _figures() -> dict[str, object]:
    return {
        "where": Somewhere(),
        "at": datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC),
        "first": date(2024, 11, 18),
        "last": date(2024, 11, 22),
        "rate": Decimal("0.75"),
        "price": [
            parts.PriceLine("Member rate", 100_000, "Medellín is a member; dues 2023 paid"),
            parts.PriceLine("Group of two", -10_000, "same authority, -10 %"),
        ],
        "looked_at": ["low-income waiver (UM in FY23)"],
        "movements": [
            parts.LedgerLine("4 Oct", "Invoice 0014", 100_000),
            parts.LedgerLine("17 Oct", "Received", -80_000, "#"),
        ],
        "bars": [
            parts.BarLine("guaranteed", "10", 43),
            parts.BarLine("reserved", "13", 56, 2),
            parts.BarLine("free", "1", 4, 3),
        ],
        "pairs": [
            parts.PairLine("Africa", "6", 50, "14", 35),
            parts.PairLine("Europe", "6", 50, "22", 55),
            parts.PairLine("Oceania", "few", 0, "few", 0),
        ],
        "copy": [parts.Answer("IBAN", "ES75 9999 0001 4120 2411 1800"), parts.Answer("Reference", "RF40 M220 2400 14")],
    }


def _forms() -> dict[str, object]:
    return {
        "fresh": SampleForm(auto_id="fresh_%s"),
        "broken": SampleForm({"email": "nobody"}, auto_id="broken_%s"),
        "filter": SampleFilter(),
    }
