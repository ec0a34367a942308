"""Gallery URLs."""

from django.urls import path

from chancery.foundation.ui.views import show_gallery

urlpatterns = [path("", show_gallery, name="show-gallery")]
