"""URLs of this door: the language first, then the edition."""

from django.urls import URLPattern, path, register_converter

from chancery.interfaces.public import brochure
from chancery.interfaces.public.converters import LanguageConverter
from chancery.interfaces.public.views import about, fees, programme, sessions

register_converter(LanguageConverter, "language")

urlpatterns: list[URLPattern] = [
    path("", programme.front_door, name="front-door"),
    path("<language:language>/", programme.front_door, name="front-door-in-language"),
    path("<language:language>/clocks/", about.show_clocks, name="show-clocks"),
    path("<language:language>/contact/", about.show_contact, name="show-contact"),
    path("<language:language>/privacy/", about.show_privacy, name="show-privacy"),
    path("<language:language>/accessibility/", about.show_accessibility, name="show-accessibility"),
    path("<language:language>/legal/", about.show_legal, name="show-legal"),
    path("<language:language>/<slug:edition>/", programme.show_programme, name="show-programme"),
    path("<language:language>/<slug:edition>/lessons/<int:number>/", programme.show_lesson, name="show-lesson"),
    path("<language:language>/<slug:edition>/sessions/", sessions.list_sessions, name="list-sessions"),
    path("<language:language>/<slug:edition>/sessions.ics", sessions.download_calendar, name="download-calendar"),
    path("<language:language>/<slug:edition>/experts/", programme.list_experts, name="list-experts"),
    path("<language:language>/<slug:edition>/fees/", fees.find_fee, name="find-fee"),
    path("<language:language>/<slug:edition>/conditions/", fees.show_conditions, name="show-conditions"),
    path("<language:language>/<slug:edition>/brochure.pdf", brochure.download_brochure, name="download-brochure"),
    path("<language:language>/<slug:edition>/apply/", programme.show_how_to_apply, name="show-how-to-apply"),
]
