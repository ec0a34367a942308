"""The URL map: one include a door."""

from django.urls import URLPattern, URLResolver, include, path

from chancery.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("pay/", include("chancery.interfaces.participant.urls_pay")),
    path("my/", include("chancery.interfaces.participant.urls")),
    path("office/people/", include("chancery.interfaces.office.account_urls")),
    path("office/", include("chancery.interfaces.office.urls")),
    path("api/", include("chancery.interfaces.api.urls")),
    path("demo/", include("chancery.interfaces.demo.urls")),
    path("ui/", include("chancery.foundation.ui.urls")),
    path("", include("chancery.interfaces.public.account_urls")),
    path("", include("chancery.interfaces.public.urls")),
]

handler404 = "chancery.interfaces.public.views.errors.not_found"
handler500 = "chancery.interfaces.public.views.errors.broken"
