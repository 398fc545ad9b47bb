"""Nothing of the salon that must stay unseen is without a mark."""

from django.apps import apps
from django.conf import settings
from django_tenants.utils import tenant_context

from config.tests.walls import world


def test_every_column_of_words_is_marked(there):
    with tenant_context(there.business):
        found = {
            model._meta.label: world.unmarked(model.objects.all(), there.inside) for model in world.tenant_models()
        }
    for canary, labels, pk in (
        (there.public, world.OF_A_SALON, there.business.pk),
        (there.people, world.OF_A_PERSON, there.owner.pk),
    ):
        found |= {
            label: world.unmarked(apps.get_model(label).objects.filter(**{how: pk}), canary)
            for label, how in labels.items()
        }

    assert {label: names for label, names in found.items() if names} == world.UNMARKED


def test_every_shared_table_was_decided_about():
    shared = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    every = {model._meta.label for model in apps.get_models() if model._meta.app_label in shared - {"djstripe"}}

    assert every == {*world.OF_A_SALON, *world.OF_A_PERSON, *world.OF_NOBODY}
