"""The Celery application; salon tasks build on `tenants.tasks.SalonTask`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tithi", task_cls="tenants.tasks:SalonTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
