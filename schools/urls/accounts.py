"""Accounts: allauth's views under Vietnamese slugs, with allauth's names; slips and second factors."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from schools.views import accounts, second_factor_resets, slips

urlpatterns = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-nhap/bi-khoa/", account.account_inactive, name="account_inactive"),
    path("dang-nhap/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("doi-mat-khau/", account.password_change, name="account_change_password"),
    path("quen-mat-khau/", account.password_reset, name="account_reset_password"),
    path("quen-mat-khau/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^quen-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # allauth fills in both, hyphen between
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("quen-mat-khau/xong/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("bao-ve-hai-lop/", second_factor.index, name="mfa_index"),
    path("bao-ve-hai-lop/nhap-ma/", second_factor.authenticate, name="mfa_authenticate"),
    path("bao-ve-hai-lop/xac-nhan/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("bao-ve-hai-lop/ung-dung/bat/", app.activate_totp, name="mfa_activate_totp"),
    path("bao-ve-hai-lop/ung-dung/tat/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("bao-ve-hai-lop/ma-du-phong/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("bao-ve-hai-lop/ma-du-phong/tao/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("bao-ve-hai-lop/ma-du-phong/tai/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("bao-ve-hai-lop/khoa/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("bao-ve-hai-lop/khoa/them/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("bao-ve-hai-lop/khoa/<int:pk>/sua/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("bao-ve-hai-lop/khoa/<int:pk>/bo/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("bao-ve-hai-lop/khoa/xac-nhan/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("dang-nhap/khoa/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("phien-dang-nhap/", sessions.list_usersessions, name="usersessions_list"),
    # allauth asks for the address of a sign-up; here one comes to an account by a slip.
    path("kich-hoat/", slips.activate, name="account_signup"),
    path("phien/", accounts.session, name="session"),
    path("tai-khoan/", accounts.account, name="account"),
    path("tai-khoan/lien-lac/", accounts.contact, name="contact"),
    path("tai-khoan/khoa/<uuid:user_id>/", accounts.account_close, name="account_close"),
    path("phieu/", slips.slip_board, name="slip_board"),
    path("phieu/lop/<uuid:class_id>/", slips.slips_of_class, name="slips_of_class"),
    path("phieu/nguoi/<uuid:user_id>/", slips.slip_issue, name="slip_issue"),
    path("dat-lai-bao-ve/", second_factor_resets.reset_list, name="second_factor_resets"),
    path("dat-lai-bao-ve/de-nghi/<uuid:user_id>/", second_factor_resets.reset_request, name="second_factor_request"),
    path("dat-lai-bao-ve/<uuid:reset_id>/", second_factor_resets.reset_decide, name="second_factor_decide"),
]
