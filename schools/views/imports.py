"""Lists from Excel files: upload, preview, confirm, and the rows that were refused."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from schools import permissions
from schools.actions.imports.plans import Plan, PreviewOutdated
from schools.actions.imports.uploads import NotChecked, apply_import, cancel_import, planned, preview_import, refused_of
from schools.actions.refusals import Refused, WrongState
from schools.forms.imports import SLUGS, ConfirmForm, UploadForm
from schools.forms.workbook_files import refused_file, template_file
from schools.models import ListImport, School, SchoolClass, SchoolYear, User
from schools.views.access import SignedInRequest, allow, get_for, listed

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Pages with personal data stay in no cache, neither on the way nor on a shared computer.
personal = cache_control(private=True, no_store=True)


@allow(permissions.plans_teaching)
@require_safe
@personal
def import_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(listed(request.user, ListImport).newest(), A_PAGE).get_page(request.GET.get("trang"))
    kinds = kinds_for(request.user)
    offered = [(slug, kind.label) for slug, kind in SLUGS.items() if kind in kinds]
    return render(request, "schools/imports/list.html", {"page": page, "kinds": offered})


@allow(permissions.plans_teaching)
@require_http_methods(["GET", "POST"])
@personal
def import_new(request: SignedInRequest) -> HttpResponse:
    form = upload_form(request)
    if form.is_valid():
        try:
            made = preview_import(by=request.user, **form.wanted)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("import_preview", made.public_id)
    context = {"form": form, "kinds": [(slug, kind.label) for slug, kind in SLUGS.items() if kind in form.kinds]}
    return render(request, "schools/imports/new.html", context, status=422 if form.is_bound else 200)


@allow(permissions.plans_teaching)
@require_http_methods(["GET", "POST"])
@personal
def import_preview(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    found = get_for(request.user, ListImport, import_id, "school", "school_year", "uploaded_by")
    if request.method == "POST":
        return dropped(request, found) if "huy" in request.POST else confirmed(request, found)
    if not found.is_waiting:
        return render(request, "schools/imports/result.html", {"found": found})
    plan = planned(found)
    return shown_plan(request, found, plan, ConfirmForm(needs=needs_of(plan), digest=plan.digest))


def needs_of(plan: Plan) -> set[str]:
    """What else the person has to say."""
    return {name for name, needed in (("reason", plan.needs_reason), ("checked", plan.needs_check)) if needed}


def dropped(request: SignedInRequest, found: ListImport) -> HttpResponse:
    try:
        cancel_import(by=request.user, list_import=found)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import_preview", found.public_id)
    messages.success(request, f"Đã hủy danh sách “{found.file_name}”. Không có gì được nhập.")
    return redirect("import_list")


def confirmed(request: SignedInRequest, found: ListImport) -> HttpResponse:
    """Write what was seen. What is another plan by now is shown again, and nothing is written."""
    form = ConfirmForm(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {"digest": ""}
    try:
        done = apply_import(by=request.user, list_import=found, **wanted)
    except PreviewOutdated as outdated:
        messages.warning(request, str(outdated))
    except WrongState as refused:
        messages.error(request, str(refused))
    except Refused as refused:
        form.refuse("checked" if isinstance(refused, NotChecked) else "reason", str(refused))
        return shown_plan(request, found, planned(found), form, status=422)
    else:
        messages.success(request, f"Đã nhập {done.written} dòng từ “{done.file_name}”.")
    return redirect("import_preview", found.public_id)


def shown_plan(
    request: SignedInRequest, found: ListImport, plan: Plan, form: ConfirmForm, status: int = 200
) -> HttpResponse:
    groups = {result: plan.those(result) for result in ("new", "changed", "refused")}
    context = {"found": found, "plan": plan, "form": form, "groups": groups, "ignored": found.ignored}
    return render(request, "schools/imports/preview.html", context, status=status)


@allow(permissions.plans_teaching)
@require_safe
@personal
def import_refused(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """The refused rows with their reasons, in the columns in which they came."""
    found = get_for(request.user, ListImport, import_id, "school", "school_year")
    rows = refused_of(found)
    if not rows:
        raise Http404
    return as_file(refused_file(found.kind, found.columns, rows), "dong-bi-tu-choi.xlsx")


@allow(permissions.plans_teaching)
@require_safe
def import_template(request: SignedInRequest, kind: str) -> HttpResponse:
    """An empty list to fill in, with the classes of one's own schools to choose from."""
    if kind not in SLUGS or SLUGS[kind] not in kinds_for(request.user):
        raise Http404
    classes = listed(request.user, SchoolClass).of_current_year().filter(school__in=schools_for(request.user))
    names = [school_class.name for school_class in classes]
    return as_file(template_file(SLUGS[kind], names), f"mau-{kind}.xlsx")


def as_file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def schools_for(user: User) -> list[School]:
    return [school for school in listed(user, School) if permissions.may_import(user, SLUGS["phan-cong"], school)]


def kinds_for(user: User) -> list[str]:
    schools = schools_for(user)
    return [kind for kind in SLUGS.values() if any(permissions.may_import(user, kind, school) for school in schools)]


def upload_form(request: SignedInRequest) -> UploadForm:
    return UploadForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds_for(request.user),
        schools=schools_for(request.user),
        years=list(listed(request.user, SchoolYear).unfinished()),
        initial={"kind": SLUGS.get(request.GET.get("loai", ""))},
    )
