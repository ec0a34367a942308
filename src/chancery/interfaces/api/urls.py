"""URLs of this door."""

from django.urls import path

from chancery.interfaces.api.views import mail

urlpatterns = [
    # Mailgun posts the raw message to addresses that end so.
    path("inbound-mail/mime", mail.receive_mail, name="receive-raw-mail"),
    path("inbound-mail/", mail.receive_mail, name="receive-mail"),
]
