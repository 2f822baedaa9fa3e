"""Who the cast lacks and the tables of access ask for: a colleague without the class, and those who act by
delegation."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from schools.actions.delegations import delegate
from schools.models import Delegation, Role, TeachingAssignment, User
from tests.cast import Cast, appoint, make_user

CAST = (
    "homeroom_teacher",
    "maths_teacher",
    "vice_principal",
    "principal",
    "clerk",
    "intruder",
    "other_clerk",
    "other_principal",
    "pupil",
    "parent",
    "commune_officer",
    "inspector",
    "province_admin",
    "operator",
)
# A teacher of the school without the class; one who stands in for the maths teacher; a vice-principal who signs for the
# principal (kí thay); an inspector of this one school.
FURTHER = ("colleague", "substitute", "signer", "school_inspector")
STRANGERS = ("intruder", "other_clerk", "other_principal", "operator")


def everybody(cast: Cast) -> dict[str, User]:
    """The cast and those beside it, by the names the tables have."""
    further = {
        "colleague": make_user("tamnt", "Ngô Thị Tâm", cast.school),
        "substitute": make_user("khoavd", "Vương Đăng Khoa", cast.school),
        "signer": make_user("thuypt", "Phan Thanh Thủy", cast.school),
        "school_inspector": make_user("lamdh", "Đinh Hải Lâm"),
    }
    appoint(further["colleague"], Role.TEACHER, cast.school)
    appoint(further["substitute"], Role.TEACHER, cast.school)
    appoint(further["signer"], Role.VICE_PRINCIPAL, cast.school)
    TeachingAssignment.objects.create(
        school_class=cast.class_7b, subject=cast.maths, teacher=further["colleague"], starts_on=cast.year.starts_on
    )
    _delegate(cast.principal, Delegation.Kind.SUBSTITUTE, further["substitute"], cast, assignments=[cast.teaching])
    _delegate(cast.principal, Delegation.Kind.SIGNER, further["signer"], cast)
    _delegate(cast.province_admin, Delegation.Kind.INSPECTOR, further["school_inspector"], cast)
    found = {name: getattr(cast, name) for name in CAST} | further
    return {name: User.objects.get(pk=user.pk) for name, user in found.items()}


def _delegate(by: User, kind: str, grantee: User, cast: Cast, assignments: Sequence[TeachingAssignment] = ()) -> None:
    now = timezone.now()
    delegate(
        by=User.objects.get(pk=by.pk),
        kind=kind,
        school=cast.school,
        grantee=grantee,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=2),
        reason="Theo quyết định của trường",
        assignments=assignments,
    )
