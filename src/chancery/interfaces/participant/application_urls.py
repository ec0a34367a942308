"""URLs of an applicant's own files."""

from django.urls import path

from chancery.interfaces.participant.views import (
    account,
    applications,
    dialogue,
    naming,
    own_data,
    parts,
    second_payer,
    supplement,
)

urlpatterns = [
    path("", applications.my_files, name="my-files"),
    path("account/", account.my_account, name="my-account"),
    path("account/copy/", own_data.ask_for_copy, name="ask-for-copy"),
    path("account/copy/file/", own_data.download_copy, name="download-copy"),
    path("account/erase/", own_data.erase_me, name="erase-me"),
    path("start/<slug:edition>/", applications.start_application, name="start-application"),
    path("applications/<slug:ref>/", applications.see_application, name="see-application"),
    path("applications/<slug:ref>/apply-again/", applications.apply_again, name="apply-again"),
    path("applications/<slug:ref>/check/", applications.check_application, name="check-application"),
    path("applications/<slug:ref>/send-again/", supplement.send_again, name="send-again"),
    path("applications/<slug:ref>/sent/", applications.see_sent, name="see-sent"),
    path("applications/<slug:ref>/copy/", applications.save_copy, name="save-copy"),
    path("applications/<slug:ref>/copy/<int:number>/", applications.save_supplement_copy, name="save-supplement-copy"),
    path("applications/<slug:ref>/latin-name/", naming.give_latin_name, name="give-latin-name"),
    path("applications/<slug:ref>/dialogue/", dialogue.see_dialogue, name="see-dialogue"),
    path("applications/<slug:ref>/offer/", applications.answer_offer, name="answer-offer"),
    path("applications/<slug:ref>/second-payer/", second_payer.name_second_payer, name="name-second-payer"),
    path("applications/<slug:ref>/withdraw/", applications.withdraw_application, name="withdraw-application"),
    path("applications/<slug:ref>/files/<slug:key>/", applications.download_answer, name="download-answer"),
    path("applications/<slug:ref>/<slug:part>/", parts.edit_part, name="edit-part"),
]
