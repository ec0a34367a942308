"""URLs of signing in and out; outside the language prefix, because an account has a language of its own."""

from django.urls import URLPattern, path

from chancery.interfaces.public.views import accounts, keys, passkeys

urlpatterns: list[URLPattern] = [
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-in/code/", accounts.sign_in_code, name="sign-in-code"),
    path("sign-in/office/", accounts.sign_in_office, name="sign-in-office"),
    path("sign-in/second-factor/", accounts.second_factor, name="second-factor"),
    path("sign-in/second-factor/set/", keys.set_up_second_factor, name="set-second-factor"),
    path("sign-in/second-factor/codes/", keys.recovery_codes, name="recovery-codes"),
    path("sign-in/passkeys/", passkeys.list_passkeys, name="list-passkeys"),
    path("sign-in/passkeys/<int:passkey>/remove/", passkeys.remove, name="remove-passkey"),
    path("sign-in/password/", keys.set_other_password, name="change-password"),
    path("sign-in/invitation/<str:token>/", keys.set_password, name="set-password"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
]
