"""What is written about a student, and that it is closed."""

from records.models.around_sheet import AroundSheet, Teaching
from records.models.class_periods import ClassPeriod, PeriodRecord, SignOff, YearRecord
from records.models.grids import CellOperation, Grid, GridRow
from records.models.moves import StudentMove
from records.models.new_year import NewYearPlacing
from records.models.pages import BookPage, PageVersion
from records.models.settings import RuleSetting
from records.models.sheets import MarkRow, MarkSheet, SheetConfirmation
from records.models.signing import Signature, SigningItem, SigningKey, SigningOrder, Slot
from records.models.summer import SummerEntry
from records.models.transferred import TransferredTerm
from records.models.waivers import RegularWaiver

__all__ = [
    "AroundSheet",
    "BookPage",
    "CellOperation",
    "ClassPeriod",
    "Grid",
    "GridRow",
    "MarkRow",
    "MarkSheet",
    "NewYearPlacing",
    "PageVersion",
    "PeriodRecord",
    "RegularWaiver",
    "RuleSetting",
    "SheetConfirmation",
    "SignOff",
    "Signature",
    "SigningItem",
    "SigningKey",
    "SigningOrder",
    "Slot",
    "StudentMove",
    "SummerEntry",
    "Teaching",
    "TransferredTerm",
    "YearRecord",
]
