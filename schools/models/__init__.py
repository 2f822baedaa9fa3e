"""What is stored, and cannot be wrong."""

from schools.models.accounts import SecondFactorReset, Slip
from schools.models.assignments import HomeroomAssignment, TeachingAssignment
from schools.models.authorities import Authority, Level, School
from schools.models.classes import Enrolment, SchoolClass, SubjectEnrolment
from schools.models.delegations import AssignmentGrant, Delegation, SchoolGrant
from schools.models.history import (
    DroppedReads,
    HistoryChain,
    HistoryEntry,
    HistoryPayload,
    HistoryRoot,
    Look,
    ReadEntry,
)
from schools.models.imports import ListImport
from schools.models.people import SECOND_FACTOR_ROLES, Role, RoleAssignment, Standing, User
from schools.models.students import Gender, ParentLink, Relation, Student, StudentMerge
from schools.models.subjects import CurriculumSubject, Subject
from schools.models.years import EntryWindow, Period, SchoolYear

__all__ = [
    "SECOND_FACTOR_ROLES",
    "AssignmentGrant",
    "Authority",
    "CurriculumSubject",
    "Delegation",
    "DroppedReads",
    "Enrolment",
    "EntryWindow",
    "Gender",
    "HistoryChain",
    "HistoryEntry",
    "HistoryPayload",
    "HistoryRoot",
    "HomeroomAssignment",
    "Level",
    "ListImport",
    "Look",
    "ParentLink",
    "Period",
    "ReadEntry",
    "Relation",
    "Role",
    "RoleAssignment",
    "School",
    "SchoolClass",
    "SchoolGrant",
    "SchoolYear",
    "SecondFactorReset",
    "Slip",
    "Standing",
    "Student",
    "StudentMerge",
    "Subject",
    "SubjectEnrolment",
    "TeachingAssignment",
    "User",
]
