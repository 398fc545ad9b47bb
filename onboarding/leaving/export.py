"""Everything a salon has written, as one ZIP: each table as CSV and as JSON, its files, and a word about both."""

import csv
import io
import json
import tempfile
import zipfile

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django_tenants.utils import schema_context, tenant_context

from audit import services as audit
from audit.admin import plain
from bookings.csv_tables import defused
from onboarding.leaving import files
from onboarding.leaving.kept_back import LEFT_OUT, NOT_OF_THE_SALON, SHARED
from tenants.models import TenantBilling
from tenants.template import tenant_labels

#: Larger archives are written to disk while they grow.
IN_MEMORY = 8 * 1024 * 1024
BATCH = 2000
WORDS = """{name}, everything as of {at}

csv/    one table a file, for spreadsheets. A cell that looks like a formula begins with an apostrophe.
json/   the same rows for programs: amounts in cents beside their currency, instants in UTC.
files/  uploaded pictures.
salon.json  the salon itself: its settings, team, names and plan.

Left out: keys. Codes of gift cards are not stored, links in mails open visits, so the words of mails are not here.
"""


def write_archive(*, business, by, now):
    """The archive as an open file at its beginning; who took it, is written into the trail."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- whoever sends it closes it
    with tenant_context(business), transaction.atomic(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        audit.record(actor=by, action="salon.exported", subject=business, at=now)
        archive.writestr(
            "README.txt", WORDS.format(name=business.name, at=f"{now.astimezone(business.zone):%Y-%m-%d %H:%M}")
        )
        archive.writestr("salon.json", _json(_salon(business)))
        for model, fields in tables():
            _write_table(archive, model, fields)
        for name in files.names(business.schema_name):
            with default_storage.open(name) as file:
                archive.writestr(f"files/{name.removeprefix(f'{business.schema_name}/')}", file.read())
    out.seek(0)
    return out


def tables():
    """(model, fields that are given out) of the salons' tables, by label. A table nobody has decided about is an error."""
    every = apps.get_models(include_auto_created=True)
    models = (model for model in every if model._meta.app_label in tenant_labels())
    for model in sorted(models, key=lambda model: model._meta.label):
        left_out = LEFT_OUT[model._meta.label]
        if left_out is not None:
            yield model, [field for field in model._meta.concrete_fields if field.name not in left_out]


def _write_table(archive, model, fields):
    label = model._meta.label_lower
    with archive.open(f"csv/{label}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        sheet = csv.writer(text)
        sheet.writerow(field.attname for field in fields)
        for row in _rows(model, fields):
            sheet.writerow([_cell(value) for value in row])
    with archive.open(f"json/{label}.json", "w") as raw, io.TextIOWrapper(raw, "utf-8") as text:
        text.write("[")
        for number, row in enumerate(_rows(model, fields)):
            names = [field.attname for field in fields]
            text.write(("," if number else "") + "\n" + _json(dict(zip(names, row, strict=True)), indent=None))
        text.write("\n]\n")


def _rows(model, fields):
    for row in model._default_manager.order_by("pk").iterator(chunk_size=BATCH):
        yield [plain(field.value_from_object(row)) for field in fields]


def _cell(value):
    if isinstance(value, dict | list):
        value = _json(value, indent=None)
    return defused(value) if isinstance(value, str) else value


def _salon(business):
    with schema_context("public"):
        fields = [field for field in business._meta.concrete_fields if field.name not in NOT_OF_THE_SALON]
        found = {field.attname: plain(field.value_from_object(business)) for field in fields}
        for relation, names in SHARED.items():
            rows = getattr(business, relation).order_by("pk").values(*names)
            found[relation] = [{name: plain(value) for name, value in row.items()} for row in rows]
        billing = TenantBilling.objects.get(business=business)
        found["plan"] = {"status": billing.subscription_status, "next_billing_at": plain(billing.next_billing_at)}
    return found


def _json(value, indent=1):
    return json.dumps(value, ensure_ascii=False, indent=indent, default=str)
