"""URLs of a participant's own place."""

from django.urls import path

from chancery.interfaces.participant.views import dates, next_edition, places, pro_formas, substitution

urlpatterns = [
    path("places/<slug:ref>/", places.see_place, name="see-place"),
    path("places/<slug:ref>/fee/", places.see_fee, name="see-fee"),
    path("places/<slug:ref>/billing/", places.name_payer, name="name-payer"),
    path("places/<slug:ref>/pro-forma/", pro_formas.see_pro_forma, name="see-pro-forma"),
    path("places/<slug:ref>/pro-forma/pdf/", pro_formas.download_pro_forma, name="download-pro-forma"),
    path("places/<slug:ref>/invoice/", places.see_invoice, name="see-invoice"),
    path("places/<slug:ref>/invoice/pdf/", places.download_invoice, name="download-invoice"),
    path("places/<slug:ref>/invoice/pack/", places.download_payer_pack, name="download-payer-pack"),
    path("places/<slug:ref>/invoice/<str:syntax>.xml", places.download_invoice_data, name="download-invoice-data"),
    path("places/<slug:ref>/cancel/", places.see_cancelling, name="see-cancelling"),
    path("places/<slug:ref>/next-edition/", next_edition.choose_edition, name="choose-edition"),
    path("places/<slug:ref>/dates/", dates.see_dates, name="see-dates"),
    path("places/<slug:ref>/withdraw/", places.withdraw_from_place, name="withdraw-from-place"),
    path("places/<slug:ref>/cancel/resend/", places.resend_reservation, name="resend-reservation"),
    path("places/<slug:ref>/substitute/", substitution.substitute, name="substitute"),
    path("places/<slug:ref>/substitute/back/", substitution.take_back_substitute, name="take-back-substitute"),
    path("substitutions/<int:substitution_id>/", substitution.answer_substitution, name="answer-substitution"),
    path("substitutions/<int:substitution_id>/no/", substitution.decline_substitution, name="decline-substitution"),
    path("places/<slug:ref>/travel/hotels/", places.list_hotels, name="list-hotels"),
]
