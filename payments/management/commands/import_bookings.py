"""Takes over a salon's coming visits from a file, through the same functions that customers book with."""

import csv
from dataclasses import asdict, fields
from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import Actor
from bookings.services import SlotTaken, imports
from bookings.services.import_rows import Row
from payments import services
from tenants.models import Business

COLUMNS = tuple(field.name for field in fields(Row))
NEEDED = ("start", "services", "name")


class Command(BaseCommand):
    help = (
        "Take over coming visits from a CSV file with the columns start, services, name and, if there are any, "
        "team_member, email, phone, note, party. A row that breaks a rule of the diary is refused and named; a row taken "
        "before changes nothing. Ends with 1 where rows were refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("salon", help="The salon's subdomain.")
        parser.add_argument("file", type=Path, help='Starts are wall times of the salon, "2027-02-10 09:30".')
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
        parser.add_argument("--errors", type=Path, help="Write the refused rows here, each with its sentence.")

    def handle(self, *, salon, file, dry_run, errors, **options):
        business = Business.objects.select_related("billing").filter(slug=salon).first()
        if business is None:
            raise CommandError(f"There is no salon {salon}.")
        rows = read_rows(file)
        with tenant_context(business):
            try:
                results = imports.import_bookings(
                    business=business,
                    rows=rows,
                    by=Actor(label=f"Import of {file.name}"),
                    now=timezone.now(),
                    dry_run=dry_run,
                    submit=services.submit_checkout,
                )
            except SlotTaken as exc:  # a dry run that could not have everybody's day for itself
                raise CommandError("Somebody is booking at this moment. Please try again.") from exc
        self.report(results, dry_run)
        refused = [result for result in results if result.refusal]
        if errors:
            write_errors(errors, refused)
        if refused:
            raise CommandError(f"{len(refused)} of {len(results)} rows were refused.")

    def report(self, results, dry_run):
        for line, result in enumerate(results, start=2):  # the columns' names are line 1
            if result.refusal:
                self.stdout.write(f"Line {line}, {result.row.start} {result.row.name}: {result.refusal}")
        known = sum(result.known for result in results)
        taken = sum(not result.known and not result.refusal for result in results)
        self.stdout.write(
            f"{'Would take' if dry_run else 'Took'} {taken} of {len(results)} rows; {known} were taken before."
        )


def read_rows(path):
    """The file's rows. Raises CommandError where it cannot be read or its columns are not ours."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise CommandError(f"{path} cannot be read as UTF-8 text: {exc}") from exc
    heading = text.partition("\n")[0]
    lines = csv.DictReader(text.splitlines(keepends=True), delimiter=max(",;\t", key=heading.count))
    columns = [name.strip().lower() for name in lines.fieldnames or ()]
    lines.fieldnames = columns
    if missing := [name for name in NEEDED if name not in columns]:
        raise CommandError(f"These columns are missing: {', '.join(missing)}.")
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise CommandError(f"These columns are not known: {', '.join(unknown)}.")
    return [Row(**{name: (line.get(name) or "").strip() for name in columns}) for line in lines]


def write_errors(path, refused):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [*COLUMNS, "error"])
        out.writeheader()
        out.writerows(asdict(result.row) | {"error": result.refusal} for result in refused)
