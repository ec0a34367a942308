"""URLs of this door."""

from django.urls import URLPattern, URLResolver, include, path

from chancery.interfaces.office.urls_billing import urlpatterns as billing_urls
from chancery.interfaces.office.views import (
    applications,
    balance,
    clocks,
    dates,
    decisions,
    edition_read,
    groups,
    history,
    mail,
    notices,
    reading,
    review,
    settings,
    substitutions,
    supplement,
    today,
)

_APPLICATION = [
    path("", review.review_application, name="review-application"),
    path("files/<slug:key>/", review.open_file, name="open-application-file"),
    path("replaced/<int:replaced_id>/", review.open_replaced_file, name="open-replaced-file"),
    path("latin-name/", supplement.ask_for_latin_name, name="ask-for-latin-name"),
    path("missing/", supplement.ask_for_missing, name="ask-for-missing"),
    path("expire/", supplement.let_expire, name="let-expire"),
    path("readers/", review.ask_readers, name="ask-readers"),
    path("message/", review.write_to_applicant, name="write-to-applicant"),
    path("call/", review.log_call, name="log-call"),
    path("note/", review.keep_note, name="keep-note"),
    path("decision/", review.draft, name="draft-decision"),
    path("decision/drop/", review.drop, name="drop-decision"),
]
_READING = [
    path("", reading.read_application, name="read-application"),
    path("files/<slug:key>/", reading.open_reading_file, name="open-reading-file"),
    path("step-back/", reading.step_back, name="step-back"),
]
_EDITION: list[URLPattern | URLResolver] = [
    path("applications/", applications.list_applications, name="list-applications"),
    path("applications.csv", applications.export_applications, name="export-applications"),
    path("applications/<str:reference>/", include(_APPLICATION)),
    path("decisions/", decisions.list_decisions, name="list-decisions"),
    path("decisions/release/", decisions.release, name="release-decisions"),
    path("waiting-list/", decisions.show_waiting_list, name="list-waiting"),
    path("waiting-list/offer/", decisions.offer_seats, name="offer-seats"),
    path("waiting-list/<int:application_id>/extend/", decisions.extend_offer, name="extend-offer"),
    path("balance/", balance.see_balance, name="see-balance"),
    path("groups/", groups.show_groups, name="list-groups"),
    path("groups/<str:number>/", groups.rerate_bill, name="rerate-bill"),
    path("cancellations/", notices.list_received, name="list-notices"),
    path("cancellations/other-way/", notices.note_other_way, name="note-other-way"),
    path("cancellations/end-place/", notices.end_place, name="end-place"),
    path("cancellations/call-off/", notices.call_off, name="call-edition-off"),
    path("cancellations/<int:notice_id>/", notices.show_notice, name="show-notice"),
    path("cancellations/<int:notice_id>/mail/", notices.download_notice, name="download-notice"),
    path("cancellations/<int:notice_id>/decide/", notices.decide_notice, name="decide-notice"),
    path("substitutions/", substitutions.list_wishes, name="list-substitutions"),
    path("substitutions/<int:substitution_id>/", substitutions.decide_wish, name="decide-substitution"),
    path("reading/", reading.list_readings, name="list-readings"),
    path("reading/<str:reference>/", include(_READING)),
    path("history/", history.list_history, name="list-history"),
    path("settings/", settings.list_settings, name="list-settings"),
    path("settings/dates/", dates.show_dates, name="settle-dates"),
    path("settings/dates/save/", dates.settle, name="save-dates"),
    path("settings/mails/", edition_read.show_mails, name="show-mail-words"),
    path("settings/roles/", edition_read.show_roles, name="show-role-holders"),
    path("settings/account/decide/<int:proposal_id>/", settings.decide, name="decide-settings"),
    path("settings/<slug:settings_part>/", settings.show_settings, name="show-settings"),
    path("settings/<slug:settings_part>/check/", settings.preview, name="preview-settings"),
    path("settings/<slug:settings_part>/save/", settings.save, name="save-settings"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.see_today, name="see-today"),
    path("clocks/", clocks.list_clocks, name="list-clocks"),
    path("mail/", mail.list_outbox, name="list-mail"),
    path("mail/<int:mail_id>/", mail.show_mail, name="show-mail"),
    path("mail/<int:mail_id>/file/", mail.download_mail, name="download-mail"),
    path("mail/<int:mail_id>/again/", mail.send_again, name="send-mail-again"),
    path("mail/<int:mail_id>/hold/", mail.hold_back, name="hold-mail"),
    *billing_urls,
    path("<slug:edition_slug>/", include(_EDITION)),
]
