"""URLs of the demo: enter as somebody, and the list of all who can be entered as."""

from django.urls import URLPattern, path

from chancery.interfaces.demo import views

urlpatterns: list[URLPattern] = [
    path("", views.people, name="demo-people"),
    path("as/<str:key>/", views.enter, name="demo-enter"),
    path("leave/", views.leave, name="demo-leave"),
]
