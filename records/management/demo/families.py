"""The families of the demo's students."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from records.management.demo.world import PASSWORD, World
from schools.models import ParentLink, User


def make_families(world: World) -> None:
    _parents(world)
    _named_family(world)


def _parents(world: World) -> None:
    """Everybody has a mother with an account, two in three a father; nobody has a password before the slip is used."""
    parents, ties = [], []
    for school_class in world.classes:
        for student in world.students[school_class.pk]:
            pairs = [(student.mother_name, "ME")] + [(student.father_name, "CHA")] * (world.rng.random() < 0.66)
            for name, relation in pairs:
                phone = world.phone()
                parents.append(world.user(f"ph{phone}", name, school_class.school, phone=phone))
                ties.append((student, relation))
    parents = User.objects.bulk_create(parents, batch_size=500)
    ParentLink.objects.bulk_create(
        (
            ParentLink(
                student=student, parent=parent, relation=relation, starts_on=world.year.starts_on,
                public_id=world.public_id(),
            )
            for parent, (student, relation) in zip(parents, ties, strict=True)
        ),
        batch_size=500,
    )  # fmt: skip


def _named_family(world: World) -> None:
    """The named parent has a child in 7A and one at the primary school; the child in 7A has an account too."""
    by_name = {(made.school_id, made.name): made for made in world.classes}
    elder = world.students[by_name[world.schools["THCS"].pk, "7A"].pk][0]
    younger = world.students[by_name[world.schools["TH"].pk, "3B"].pk][0]
    family = elder.full_name.partition(" ")[0]
    fields = {"password": make_password(PASSWORD), "password_set_at": timezone.now()}
    pupil = world.user("hocsinh", elder.full_name, elder.school)
    parent = world.user("phuhuynh", f"{family} Văn Đức", elder.school, phone=world.phone())
    for account in (pupil, parent):
        for name, value in fields.items():
            setattr(account, name, value)
        account.save()
    elder.user = pupil
    elder.father_name = younger.father_name = parent.full_name
    elder.save(update_fields=["user", "father_name"])
    younger.full_name = f"{family} Gia Bảo"
    younger.gender = "NAM"
    younger.save(update_fields=["full_name", "gender", "father_name"])
    for child in (elder, younger):
        ParentLink.objects.create(
            student=child, parent=parent, relation="CHA", starts_on=world.year.starts_on, public_id=world.public_id()
        )
    world.people |= {"hoc_sinh": pupil, "phu_huynh": parent}
