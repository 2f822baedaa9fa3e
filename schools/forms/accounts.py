"""Forms of the accounts, in Vietnamese; allauth's own checks stay beneath."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.contrib.auth.password_validation import validate_password

from schools.login import keep_signed_in

CODE_HELP = "Sáu chữ số trong ứng dụng xác thực, hoặc một mã dự phòng."


def relabel(form: forms.Form, **labels: str) -> None:
    """Vietnamese labels, and no placeholder: it vanishes when one types."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(
            self,
            login="Tên đăng nhập hoặc số điện thoại",
            password="Mật khẩu",  # noqa: S106 - a label
            remember="Giữ đăng nhập 30 ngày trên điện thoại của riêng tôi (chỉ phụ huynh, học sinh)",
        )
        self.fields["password"].help_text = ""

    def login(self, request: Any, redirect_url: str | None = None) -> Any:
        request.session["wants_own_device"] = bool(self.cleaned_data.get("remember"))
        response = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:  # allauth has just set an expiry of its own
            keep_signed_in(request, request.user)
        return response


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword="Mật khẩu hiện tại", password1="Mật khẩu mới", password2="Mật khẩu mới, lần nữa")


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, email="Thư điện tử")


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password1="Mật khẩu mới", password2="Mật khẩu mới, lần nữa")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password="Mật khẩu")  # noqa: S106 - a label
        self.fields["password"].help_text = ""


class SecondFactorForm(second_factor_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, code="Mã xác thực")
        self.fields["code"].help_text = CODE_HELP
        self.fields["code"].widget.attrs["inputmode"] = "text"


class SecondFactorAgainForm(second_factor_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, code="Mã xác thực")
        self.fields["code"].help_text = CODE_HELP


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, code="Mã sáu chữ số đang hiện trong ứng dụng")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, name="Tên để nhận ra khóa này", passwordless="Đăng nhập bằng khóa này không cần mật khẩu")


class EditPasskeyForm(passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, name="Tên để nhận ra khóa này")


class ActivateForm(forms.Form):
    """The slip: who, the code, and the password one chooses."""

    login = forms.CharField(
        label="Tên đăng nhập hoặc số điện thoại",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label="Mã trên phiếu",
        max_length=40,
        help_text="16 chữ và số; gạch nối và chữ hoa, chữ thường thế nào cũng được.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    password1 = forms.CharField(
        label="Mật khẩu bạn chọn",
        strip=False,
        help_text="Ít nhất 8 kí tự, không chỉ toàn chữ số, không giống tên.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    password2 = forms.CharField(
        label="Mật khẩu, lần nữa",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean_password2(self) -> str:
        if self.cleaned_data.get("password1") not in (None, self.cleaned_data["password2"]):
            raise forms.ValidationError("Hai lần nhập mật khẩu không giống nhau.")
        return str(self.cleaned_data["password2"])


class ContactForm(forms.Form):
    phone = forms.CharField(
        label="Số điện thoại", required=False, max_length=20, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    email = forms.EmailField(
        label="Thư điện tử", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lí do", max_length=255, min_length=10, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ít nhất 10 kí tự. Lí do được giữ trong lịch sử.",
    )  # fmt: skip
