"""The app, and the grants of the database roles after every migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.forms import Field


def apply_grants(using: str, **kwargs: Any) -> None:
    from schools.models.grants import grant_all

    grant_all(using)


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Trường, người, lớp"

    def ready(self) -> None:
        # Django's catalogue says “Trường này là bắt buộc”, which here reads as “this school is compulsory”.
        Field.default_error_messages = Field.default_error_messages | {"required": "Hãy điền mục này."}
        post_migrate.connect(apply_grants, dispatch_uid="schools.grants")
