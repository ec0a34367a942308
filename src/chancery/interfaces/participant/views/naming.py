"""One's name in Latin letters, for papers that cannot print it as it is written."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.naming import NameNotPrintable
from chancery.domain.admissions.services.naming import give_latin_name as keep_latin_name
from chancery.foundation import clock
from chancery.foundation.documents.fonts import printable_name, uncovered
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.participant.access import SignedInRequest, own_application
from chancery.interfaces.participant.forms.naming import LatinNameForm
from chancery.interfaces.participant.page_frame import back_to_application, page_frame


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def give_latin_name(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show how papers print the name, and keep its Latin form."""
    form = LatinNameForm(request.POST or None, initial={"latin_name": application.person.latin_name})
    if request.method == "POST" and form.is_valid():
        latin = form.cleaned_data["latin_name"]
        try:
            keep_latin_name(application_id=application.pk, latin=latin, actor=request.actor, now=clock.now())
        except NameNotPrintable as refused:
            form.add_error("latin_name", _fault_words(refused.ruling.reasons[0], latin))
        else:
            messages.success(request, _("Thank you. Papers made from now on print your name in this form."))
            return redirect("see-application", application.reference)
    words = {
        **page_frame(request, application.edition),
        "application": application,
        "edition": application.edition,
        "form": form,
        "printed_name": printable_name(application.person.name, application.person.latin_name),
        "back": back_to_application(application.reference),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "participant/applications/latin_name.html", words, status=status)


def _fault_words(reason: str, latin: str) -> str:
    words = {
        "name_not_latin": _("Write this name in Latin letters only."),
        "name_not_printable": _("Our papers cannot print these signs: %(signs)s") % {"signs": uncovered(latin)},
    }
    return words.get(reason, _("Write your name."))
