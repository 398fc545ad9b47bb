"""Salons of the directory: rows only, since nobody opens their pages here."""

from itertools import count

from tenants.models import Business, BusinessStatus

NUMBERS = count(1)


def salon_row(name="A salon", **fields):
    """A public, open salon that is not saved yet."""
    number = next(NUMBERS)
    public = {"is_public_directory": True, "status": BusinessStatus.ACTIVE, "category": "Hair salon"}
    return Business(name=name, slug=f"listed-{number}", schema_name=f"t_listed{number}", **(public | fields))


def list_salons(*names, **fields):
    return Business.objects.bulk_create([salon_row(name, **fields) for name in names])
