import json

import structlog
from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context, tenant_context

from bookings import integrity, words
from tenants.models import Business, BusinessStatus

logger = structlog.get_logger("tithi.diary")


class Command(BaseCommand):
    help = (
        "Compare every salon's diary with what it should be; changes and locks nothing. "
        "Exits with 1 where a fault was found, or a salon could not be read."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--salon", action="append", dest="slugs", metavar="SLUG", help="Only this one; may be given again."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON document instead of lines.")

    def handle(self, *, slugs=None, json=False, **options):
        businesses = _salons(slugs)
        reports, broken = {}, {}
        for business in businesses:
            try:
                with tenant_context(business):
                    reports[business.slug] = integrity.verify(business=business), business.zone
            except Exception as exc:  # whatever is wrong with one salon, the others are checked
                logger.exception("diary_not_verified", salon=business.schema_name)
                broken[business.slug] = f"{type(exc).__name__}: {exc}".strip()
        if json:
            self.stdout.write(_document(reports, broken))
        else:
            self._print(reports, broken)
        _exit(reports, broken)

    def _print(self, reports, broken):
        for slug, (report, zone) in reports.items():
            for finding in report.findings:
                what = f"{finding.place(zone)}: {finding.sentence}"
                self.stdout.write(f"{slug}  {finding.severity:6}  {finding.kind}  {what}")
            self.stdout.write(f"{slug}: {_summary(report)}")
        for slug, error in broken.items():
            self.stderr.write(f"{slug}: could not be checked. {error}")


def _salons(slugs):
    """The salons asked for, or all that are not cancelled. Raises CommandError for a name there is not."""
    with schema_context("public"):
        if not slugs:
            return list(Business.objects.exclude(status=BusinessStatus.CANCELED).order_by("slug"))
        found = list(Business.objects.filter(slug__in=slugs).order_by("slug"))
    if missing := set(slugs) - {business.slug for business in found}:
        raise CommandError(f"No such salon: {', '.join(sorted(missing))}.")
    return found


def _summary(report):
    counts = report.looked_at
    return (
        f"{words.count(counts['bookings'], 'booking', 'bookings')}, {counts['coming']} to come, "
        f"{words.count(counts['occupancy'], 'row', 'rows')} of time taken; "
        f"{words.count(len(report.errors), 'error', 'errors')}, {words.count(len(report.notices), 'notice', 'notices')}."
    )


def _document(reports, broken):
    salons = [
        {
            "salon": slug,
            "checked_at": report.checked_at.isoformat(),
            "looked_at": report.looked_at,
            "findings": [finding.as_json() for finding in report.findings],
        }
        for slug, (report, _) in reports.items()
    ]
    return json.dumps({"salons": salons, "not_checked": broken}, indent=2)


def _exit(reports, broken):
    errors = sum(len(report.errors) for report, _ in reports.values())
    said = [words.count(errors, "error was found", "errors were found")] if errors else []
    if broken:
        said.append(words.count(len(broken), "salon could not be checked", "salons could not be checked"))
    if said:
        raise CommandError(f"{'; '.join(said)}.")
