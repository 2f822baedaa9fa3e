"""How people log in: user name or phone number, password, second factor (django-allauth)."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from schools.models import User
from schools.models.recording import recorded

OWN_DEVICE_SECONDS = 30 * 24 * 3600


class LoginBackend(AuthenticationBackend):
    """Takes a phone number where a user name is asked for."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        found: User | None = self._check_password(User.objects.by_login(username), password)
        return found


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts are made by the school or the Sở."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Tài khoản này đã bị khóa. Hãy hỏi văn thư của trường.",
        "enter_current_password": "Mật khẩu hiện tại không đúng.",
        "incorrect_code": "Mã không đúng.",
        "incorrect_password": "Mật khẩu không đúng.",
        "invalid_password_reset": "Đường dẫn đặt lại mật khẩu không còn dùng được.",
        "too_many_login_attempts": "Sai mật khẩu quá nhiều lần. Hãy đợi năm phút rồi thử lại; tài khoản không bị khóa.",
        "username_password_mismatch": "Tên đăng nhập (hoặc số điện thoại) hay mật khẩu không đúng.",
        "rate_limited": "Có quá nhiều lần thử. Hãy đợi vài phút.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["username"]

    def set_password(self, user: User, password: str) -> None:
        """A changed password stands in the history, without its value."""
        user.set_password(password)
        user.password_set_at = timezone.now()
        with recorded(user, "change_password"):
            user.save(update_fields=["password", "password_set_at"])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        keep_signed_in(request, user)
        return super().post_login(request, user, **kwargs)


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Thirty days on the own phone, for parents and students who asked for it; staff of a school or the Sở never."""
    wanted = request.session.get("wants_own_device", False)
    if wanted and not user.standing.held:
        request.session["own_device"] = True
        request.session.set_expiry(OWN_DEVICE_SECONDS)
    else:
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors are shown under the product's own name and lie encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Không thể tắt bảo vệ hai lớp.",
        "cannot_generate_recovery_codes": "Hãy bật bảo vệ hai lớp trước khi tạo mã dự phòng.",
        "incorrect_code": "Mã không đúng.",
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The first key encrypts; the earlier ones still read what they wrote."""
    return MultiFernet([Fernet(_derived(key)) for key in settings.SECRETS_KEYS])


def _derived(key: str) -> bytes:
    secret = HKDF(SHA256(), length=32, salt=None, info=b"second factor").derive(base64.b64decode(key))
    return base64.urlsafe_b64encode(secret)
