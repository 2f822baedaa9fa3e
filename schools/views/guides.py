"""One printable page of guidance per role, reached from every page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schools.views.access import public

TITLES = {
    "giao-vien": "Giáo viên",
    "van-thu": "Văn thư",
    "pho-hieu-truong": "Phó hiệu trưởng",
    "hieu-truong": "Hiệu trưởng",
    "phu-huynh": "Phụ huynh",
    "hoc-sinh": "Học sinh",
    "can-bo-xa": "Cán bộ phường, xã",
    "thanh-tra-so": "Thanh tra Sở",
    "quan-tri-so": "Quản trị Sở",
    "van-hanh": "Người vận hành",
}


@public
@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    return render(request, "guides/list.html", {"guides": TITLES.items()})


@public
@require_safe
def guide(request: HttpRequest, role: str) -> HttpResponse:
    if role not in TITLES:
        raise Http404
    return render(request, f"guides/{role}.html", {"title": TITLES[role]})
