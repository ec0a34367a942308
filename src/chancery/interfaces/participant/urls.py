"""URLs of this door."""

from django.urls import URLPattern, URLResolver

from chancery.interfaces.participant.application_urls import urlpatterns as application_urls
from chancery.interfaces.participant.urls_places import urlpatterns as place_urls

urlpatterns: list[URLPattern | URLResolver] = [*application_urls, *place_urls]
