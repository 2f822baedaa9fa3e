"""The permission decision of every view. A view without one is refused by the middleware and by a test."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase

from schools.models import Role, School, User

View = Callable[..., HttpResponseBase]
Decision = Callable[[User], bool]
Found = TypeVar("Found", bound=models.Model)


class SignedInRequest(HttpRequest):
    """A request whose user is known."""

    user: User


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Everybody with an account; what they see is limited by the objects they can fetch."""
    view.access = "signed in"  # type: ignore[attr-defined]
    return view


def allow(decision: Decision) -> Callable[[View], View]:
    """Those for whom ``decision(user)`` (a function of permissions.py) holds; everybody else gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not decision(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.access = decision.__name__  # type: ignore[attr-defined]
        return checked

    return decorate


def get_for(
    user: User,
    model: type[Found],
    public_id: UUID,
    *related: str,
    may: Callable[[User, Found], bool] | None = None,
    sees: Callable[[User, Found], bool] | None = None,
) -> Found:
    """The object the user may see (``visible_to``, or ``sees`` where that answers the same faster) and, if ``may`` is
    given, may act on; otherwise 404, as if there were none: an address tells a stranger nothing."""
    everything: Any = model._default_manager
    visible = everything.all() if sees else everything.visible_to(user)
    if related:  # without a name it would join every table there is
        visible = visible.select_related(*related)
    found: Found | None = visible.filter(public_id=public_id).first()
    if found is None or not all(decision(user, found) for decision in (sees, may) if decision):
        raise Http404
    return found


def listed(user: User, model: type[models.Model]) -> Any:
    """What the user may see of a kind of thing, as the model's own QuerySet: the only way a view comes to a list."""
    return model._default_manager.visible_to(user)  # type: ignore[attr-defined]


def named_in(request: SignedInRequest, name: str, model: type[Found]) -> Found | None:
    """What a filter in the address names by its public id, if the user may see it; None for anything else."""
    try:
        public_id = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    found: Found | None = listed(request.user, model).filter(public_id=public_id).first()
    return found


def kept_schools(user: User) -> Any:
    """The schools whose records the user keeps."""
    return listed(user, School).filter(id__in=user.standing.schools_as(Role.CLERK))


def planned_schools(user: User) -> Any:
    """The schools whose teaching the user plans."""
    return listed(user, School).filter(id__in=user.standing.schools_as(Role.CLERK, Role.VICE_PRINCIPAL))


def appointing_schools(user: User) -> Any:
    """The schools into which the user brings people."""
    own = listed(user, School).filter(id__in=user.standing.schools_as(Role.CLERK))
    return own or listed(user, School).opened_by(user)
