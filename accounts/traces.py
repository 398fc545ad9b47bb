"""Where the database knows a person: rows of `public` that point at them, and ids in salons' records.

Found by looking at the models, so that a table somebody adds tomorrow is not forgotten.
"""

from django.apps import apps
from django.conf import settings
from django.db import models

from tenants.models import Business
from tenants.template import tenant_labels

#: How a salon's records name a user: plain ids, for users live outside the salon's schema.
ID_FIELDS = ("user_id", "actor_id", "made_by_id")


def related(model):
    """(model, field name) of the rows of `public` that point at rows of a model."""
    shared = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points_here and relation.related_model._meta.app_label in shared:
            yield relation.related_model, relation.field.name


def id_fields():
    """(model, field name) of the salons' records that may carry a user's id."""
    for model in apps.get_models():
        if model._meta.app_label in tenant_labels():
            for field in model._meta.concrete_fields:
                if field.name in ID_FIELDS and isinstance(field, models.UUIDField):
                    yield model, field.name


def salons_of(user):
    """The salons somebody works in or has worked in."""
    now = Business.objects.filter(memberships__user=user)
    before = Business.objects.filter(pk__in=user.past_memberships.values("business"))
    return now.union(before).order_by("name")
