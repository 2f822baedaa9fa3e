"""Celery: bulk work and the daily anchoring of the history."""

import os

from celery import Celery

from hocbaso.lib.once_more import RepeatedTask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocbaso.settings")
app = Celery("hocbaso", task_cls=RepeatedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
