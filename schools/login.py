"""How people log in: user name or phone number, password, second factor (django-allauth)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from schools.models import User


class LoginBackend(AuthenticationBackend):
    """Takes a phone number where a user name is asked for."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        return self._check_password(User.objects.by_login(username), password)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts are made by the school or the Sở."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors are shown under the product's own name."""

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)
