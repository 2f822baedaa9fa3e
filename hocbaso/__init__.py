"""Wiring: settings, URLs, Celery. The school's world is in ``schools``, the record in ``records``."""

from hocbaso.celery import app as celery_app

__all__ = ["celery_app"]
