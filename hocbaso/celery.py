"""Celery: bulk work and the daily anchoring of the history."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocbaso.settings")
app = Celery("hocbaso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
