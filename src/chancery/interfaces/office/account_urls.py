"""URLs of the office's own accounts."""

from django.urls import URLPattern, path

from chancery.interfaces.office.views import people

urlpatterns: list[URLPattern] = [
    path("", people.list_people, name="list-people"),
    path("invite/", people.invite, name="invite-to-office"),
    path("<int:user_id>/", people.show_account, name="show-account"),
    path("<int:user_id>/give/", people.give_role, name="give-role"),
    path("<int:user_id>/let-in-anew/", people.let_in, name="let-in-anew"),
    path("<int:user_id>/take/", people.take_role, name="take-role"),
]
