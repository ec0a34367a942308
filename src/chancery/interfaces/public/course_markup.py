"""The programme as schema.org Course data, for search engines."""

import json

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from chancery.foundation.money import Money
from chancery.interfaces.public.opening import OpenedEdition

# What may not stand in a script element, as JSON writes it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def course_markup(request: HttpRequest, page: OpenedEdition) -> SafeString:
    """Return the JSON-LD text; amounts marked as examples are left out, they are nobody's offer."""
    edition, file = page.edition, page.file
    text: dict[str, str] = page.context["text"]  # type: ignore[assignment]  # made in opening.py
    course: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": edition.programme.name,
        "description": text["objective"],
        "url": f"{settings.SITE_URL}{request.path}",
        "inLanguage": list(file.edition.teaching_languages or file.edition.languages),
        "provider": {"@type": "Organization", "name": file.programme.organiser},
        "teaches": [skill.text.say(str(page.context["language"])) for skill in file.skills],
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "courseMode": "Onsite" if file.edition.mode.value == "site" else "Online",
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            **({"eventStatus": "https://schema.org/EventCancelled"} if edition.called_off_at else {}),
            "location": {"@type": "Place", "name": edition.place, "address": edition.place},
        },
    }
    if not page.terms.demo:
        course["offers"] = {
            "@type": "Offer",
            "category": "Paid",
            "price": str(Money(page.terms.standard_minor, page.terms.currency).decimal),
            "priceCurrency": page.terms.currency,
        }
    return mark_safe(json.dumps(course, ensure_ascii=False).translate(ESCAPES))  # noqa: S308  # escaped just here
