"""Classes, students and teachers of the demo."""

from collections.abc import Iterable
from datetime import date, timedelta

from records.management.demo import names
from records.management.demo.families import make_families
from records.management.demo.world import World
from schools.models import (
    CurriculumSubject,
    Enrolment,
    HomeroomAssignment,
    Role,
    RoleAssignment,
    School,
    SchoolClass,
    SchoolYear,
    Student,
    SubjectEnrolment,
    TeachingAssignment,
    User,
)
from schools.rules.gdpt2018 import UPPER_SECONDARY_ELECTIVES
from schools.rules.levels import UPPER_SECONDARY
from schools.rules.rule_sets import rule_set_for

# key of the school, classes per grade, students per class
SIZES = (("TH", 2, 31), ("THCS", 3, 36), ("THPT", 3, 36))
CLASSES_A_TEACHER = 5
IN_PARTS = "LS_DL"
PARTS_OF_7A = (("Địa lí", ["TX3", "TX4", "CK"]), ("Lịch sử", ["TX1", "TX2", "GK", "NX"]))
LAST_YEARS = ("6A", "7A")
NAMED_LEADERS = (("THCS", "7A", "chu_nhiem"), ("TIEU_HOC", "4A", "giao_vien_th"))
ELECTIVES = {"A": ("VAT_LI", "HOA_HOC", "SINH_HOC", "TIN_HOC"), "B": ("VAT_LI", "HOA_HOC", "TIN_HOC", "CONG_NGHE"),
             "C": ("DIA_LI", "GDKTPL", "SINH_HOC", "AM_NHAC")}  # fmt: skip
TOPICS = {"A": ("TOAN", "VAT_LI", "HOA_HOC"), "B": ("TOAN", "VAT_LI", "TIN_HOC"), "C": ("NGU_VAN", "LICH_SU", "DIA_LI")}


def make_classes(world: World) -> None:
    for key, per_grade, size in SIZES:
        school = world.schools[key]
        made = _classes(world, school, world.year, per_grade)
        world.classes += made
        for school_class in made:
            world.students[school_class.pk] = _students(world, school_class, size)
        _enrol(world, made)
        _teachers(world, school, made)
        _assign(world, school, made)
    _last_year(world)
    make_families(world)
    _in_parts(world)
    _left_behind(world)


def _classes(world: World, school: School, year: SchoolYear, per_grade: int) -> list[SchoolClass]:
    return SchoolClass.objects.bulk_create(
        SchoolClass(
            school=school, school_year=year, name=f"{grade}{'ABC'[index]}", grade_level=grade,
            rule_set=rule_set_for(grade, year.first_year), public_id=world.public_id(),
        )
        for grade in school.grade_levels
        for index in range(per_grade)
    )  # fmt: skip


def _students(world: World, school_class: SchoolClass, size: int) -> list[Student]:
    return Student.objects.bulk_create(_student(world, school_class) for _ in range(size))


def _student(world: World, school_class: SchoolClass) -> Student:
    rng, school = world.rng, school_class.school
    gender, family = names.gender(rng), names.family_name(rng)
    born = date(world.year.first_year - 5 - school_class.grade_level, 1, 1) + timedelta(days=rng.randint(0, 364))
    number = world.personal_id()
    unknown = rng.random() < 0.01
    return Student(
        school=school, full_name=names.person(rng, gender, family), gender=gender, born_on=born,
        student_code=f"99{number[-8:]}", personal_id=None if unknown else number,
        personal_id_missing="Chờ cơ quan công an cấp" if unknown else "",
        birthplace=rng.choice(names.PROVINCES), hometown=rng.choice(names.PROVINCES),
        ethnicity=rng.choices(("Kinh", "Tày", "Mường", "Khmer"), (94, 2, 2, 2))[0],
        address=names.address(rng, school.commune), father_name=names.person(rng, "NAM", family),
        father_occupation=rng.choice(names.OCCUPATIONS), mother_name=names.person(rng, "NU"),
        mother_occupation=rng.choice(names.OCCUPATIONS), admitted_on=world.year.starts_on,
        registry_number=f"{number[-4:]}/{school.levels[0]}", public_id=world.public_id(),
    )  # fmt: skip


def _enrol(world: World, classes: Iterable[SchoolClass]) -> None:
    for school_class in classes:
        students = world.students[school_class.pk]
        Enrolment.objects.bulk_create(
            Enrolment(
                student=student, school_class=school_class, starts_on=world.year.starts_on, public_id=world.public_id()
            )
            for student in students
        )
        SubjectEnrolment.objects.bulk_create(
            SubjectEnrolment(
                student=student, school=school_class.school, school_year=world.year, subject=offered.subject,
                choice=offered.choice, public_id=world.public_id(), with_topics=_has_topics(school_class, offered),
            )
            for offered in taken_in(school_class)
            for student in students
        )  # fmt: skip


def _has_topics(school_class: SchoolClass, offered: CurriculumSubject) -> bool:
    return school_class.level == UPPER_SECONDARY and offered.subject.code in TOPICS[school_class.name[-1]]


def taken_in(school_class: SchoolClass) -> list[CurriculumSubject]:
    """The subjects of everybody in a class: the compulsory ones, and at THPT the four the class has chosen."""
    chosen = ELECTIVES[school_class.name[-1]][:UPPER_SECONDARY_ELECTIVES]
    offered = CurriculumSubject.objects.for_grade(school_class.rule_set, school_class.grade_level)
    return [
        row for row in offered if row.choice == "BAT_BUOC" or (row.choice == "LUA_CHON" and row.subject.code in chosen)
    ]


def _teachers(world: World, school: School, classes: list[SchoolClass]) -> None:
    """A homeroom teacher for each class and enough for every subject, beside the named ones."""
    number = len(classes) + len(classes) * 12 // CLASSES_A_TEACHER // 3
    made = []
    for index in range(number):
        gender = "NU" if world.rng.random() < 0.7 else "NAM"
        name = names.person(world.rng, gender)
        made.append(
            world.user(
                f"gv{school.code}{index:02d}", name, school, phone=world.phone(), personal_id=world.personal_id()
            )
        )
    made = User.objects.bulk_create(made)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=teacher,
            role=Role.TEACHER,
            school=school,
            starts_on=world.last_year.starts_on,
            public_id=world.public_id(),
        )
        for teacher in made
    )
    world.teachers.setdefault(school.pk, []).extend(made)


def _assign(world: World, school: School, classes: list[SchoolClass]) -> None:
    """Homeroom teachers, and a teacher for every subject; one class is left with gaps, to show what is missing."""
    staff = [teacher for teacher in world.teachers[school.pk] if teacher.username != "phohieutruong"]
    named = {key: world.people[who] for level, key, who in NAMED_LEADERS if school.levels == [level]}
    others = [teacher for teacher in staff if teacher not in named.values()]
    gap = classes[-1]
    homerooms = {
        school_class.pk: named.get(school_class.name, others[index])
        for index, school_class in enumerate(classes)
        if school_class != gap
    }
    HomeroomAssignment.objects.bulk_create(
        HomeroomAssignment(
            school_class_id=key, teacher=teacher, starts_on=world.year.starts_on, public_id=world.public_id()
        )
        for key, teacher in homerooms.items()
    )
    TeachingAssignment.objects.bulk_create(
        TeachingAssignment(
            school_class=school_class, subject=offered.subject, starts_on=world.year.starts_on,
            teacher=_teacher_of(world, school_class, offered, staff, homerooms), public_id=world.public_id(),
        )
        for school_class in classes
        for offered in taken_in(school_class)
        if not (school_class == gap and offered.position > 6)
    )  # fmt: skip


def _teacher_of(
    world: World, school_class: SchoolClass, offered: CurriculumSubject, staff: list[User], homerooms: dict[int, User]
) -> User:
    if school_class.school.levels == ["THCS"] and offered.subject.code == "TOAN" and school_class.grade_level == 7:
        return world.people["toan"]
    if school_class.school.levels == ["THPT"] and offered.subject.code == "TOAN" and school_class.grade_level == 10:
        return world.people["giao_vien_thpt"]
    specialist = offered.subject.code in {"NGOAI_NGU_1", "GDTC", "NGHE_THUAT", "TIN_CN"}
    if school_class.school.levels == ["TIEU_HOC"] and not specialist and school_class.pk in homerooms:
        return homerooms[school_class.pk]
    return staff[(offered.position * 7 + school_class.grade_level) % len(staff)]


def _in_parts(world: World) -> None:
    """A subject of two teachers in the class everybody looks at: each writes the columns of the own part."""
    (part, columns), (other_part, other_columns) = PARTS_OF_7A
    teaching = TeachingAssignment.objects.get(
        school_class__school=world.schools["THCS"], school_class__school_year=world.year, school_class__name="7A",
        subject__code=IN_PARTS,
    )  # fmt: skip
    teaching.part, teaching.columns = part, columns
    teaching.save(update_fields=["part", "columns"])
    TeachingAssignment.objects.create(
        school_class=teaching.school_class, subject=teaching.subject, starts_on=teaching.starts_on,
        teacher=world.people["chu_nhiem"], part=other_part, columns=other_columns, public_id=world.public_id(),
    )  # fmt: skip


def _last_year(world: World) -> None:
    """Last year's classes of the lower secondary school: today's 7A was 6A. Two of them have their teachers still,
    until their marks and pages are in (records/management/demo/job.py)."""
    school = world.schools["THCS"]
    then = {made.name: made for made in _classes(world, school, world.last_year, 3)}
    for name in LAST_YEARS:
        _assign_last_year(world, school, then[name])
    for school_class in world.classes:
        before = then.get(f"{school_class.grade_level - 1}{school_class.name[-1]}")
        if school_class.school_id != school.pk or before is None:
            continue
        Enrolment.objects.bulk_create(
            Enrolment(
                student=student, school_class=before, starts_on=world.last_year.starts_on, public_id=world.public_id(),
                ends_on=world.year.starts_on, ending=Enrolment.Ending.FINISHED,
            )
            for student in world.students[school_class.pk]
        )  # fmt: skip
        if before.name in LAST_YEARS:
            _take_last_year(world, before, world.students[school_class.pk])


def _assign_last_year(world: World, school: School, school_class: SchoolClass) -> None:
    staff = [teacher for teacher in world.teachers[school.pk] if teacher.username != "phohieutruong"]
    named = world.people if school_class.name == LAST_YEARS[0] else {}  # whom today's 7A still has
    homeroom = named.get("chu_nhiem", staff[-1 - LAST_YEARS.index(school_class.name)])
    common = {"school_class": school_class, "starts_on": world.last_year.starts_on}
    HomeroomAssignment.objects.create(teacher=homeroom, public_id=world.public_id(), **common)
    for offered in taken_in(school_class):
        teacher = staff[(offered.position * 5 + school_class.grade_level) % len(staff)]
        if offered.subject.code == "TOAN":
            teacher = named.get("toan", teacher)
        TeachingAssignment.objects.create(
            subject=offered.subject, teacher=teacher, public_id=world.public_id(), **common
        )


def _take_last_year(world: World, before: SchoolClass, students: list[Student]) -> None:
    SubjectEnrolment.objects.bulk_create(
        SubjectEnrolment(
            student=student, school=before.school, school_year=world.last_year, subject=offered.subject,
            choice=offered.choice, public_id=world.public_id(),
        )
        for offered in taken_in(before)
        for student in students
    )  # fmt: skip


def _left_behind(world: World) -> None:
    """Two of last year's 6A are in no class of this year: they had to be assessed again in summer."""
    today = next(one for one in world.classes if (one.school, one.name) == (world.schools["THCS"], "7A"))
    before = SchoolClass.objects.get(school=today.school, school_year=world.last_year, name=LAST_YEARS[0])
    students = _students(world, today, 2)
    Enrolment.objects.bulk_create(
        Enrolment(student=one, school_class=before, starts_on=world.last_year.starts_on, public_id=world.public_id())
        for one in students
    )
    _take_last_year(world, before, students)
