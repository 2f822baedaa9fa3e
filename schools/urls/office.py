"""A school's office: people, windows, delegations."""

from django.urls import path

from schools.views import delegations, staff, windows

urlpatterns = [
    path("nhan-su/", staff.staff_list, name="staff_list"),
    path("nhan-su/moi/", staff.staff_new, name="staff_new"),
    path("nhan-su/thoi/<uuid:role_assignment_id>/", staff.staff_dismiss, name="staff_dismiss"),
    path("han-nhap/", windows.window_list, name="window_list"),
    path("han-nhap/mo/", windows.window_new, name="window_new"),
    path("han-nhap/<uuid:window_id>/dong/", windows.window_close, name="window_close"),
    path("uy-quyen/", delegations.delegation_list, name="delegation_list"),
    path("uy-quyen/moi/", delegations.delegation_new, name="delegation_new"),
    path("uy-quyen/<uuid:delegation_id>/thu-hoi/", delegations.delegation_revoke, name="delegation_revoke"),
]
