"""URLs of the payer's page, opened by a signed link."""

from django.urls import path

from chancery.interfaces.participant.views import pay

urlpatterns = [
    path("<str:token>/", pay.pay_invoice, name="pay-invoice"),
    path("<str:token>/pdf/", pay.pay_invoice_pdf, name="pay-invoice-pdf"),
    path("<str:token>/pack/", pay.pay_invoice_pack, name="pay-invoice-pack"),
    path("<str:token>/new/", pay.renew_link, name="renew-payer-link"),
    path("<str:token>/<str:syntax>.xml", pay.pay_invoice_data, name="pay-invoice-data"),
]
