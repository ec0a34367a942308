"""The URL map: one include a door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/", include("chancery.interfaces.participant.urls")),
    path("office/", include("chancery.interfaces.office.urls")),
    path("demo/", include("chancery.interfaces.demo.urls")),
    path("ui/", include("chancery.foundation.ui.urls")),
    path("", include("chancery.interfaces.public.urls")),
]
