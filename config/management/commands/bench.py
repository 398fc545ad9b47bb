import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.bench import database
from config.bench.benches import BENCHES
from config.bench.results import as_json, table


class Command(BaseCommand):
    help = "Measure what was promised, in databases of its own; print a table, and JSON on request."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"Some of: {', '.join(BENCHES)}. All by default.")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Write the results there too.")
        parser.add_argument("--quick", action="store_true", help="Fewer rounds and rows: does it run, not how fast.")
        parser.add_argument("--strict", action="store_true", help="Exit 1 where an aim is not met.")

    def handle(self, *, names, json, quick, strict, **options):
        if unknown := set(names) - set(BENCHES):
            raise CommandError(f"No such bench: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHES)}.")
        if settings.PRODUCTION:
            raise CommandError("The benches put load on the database server; they do not run in production.")
        results = []
        try:
            self._run([name for name in BENCHES if name in (names or BENCHES)], quick, results)
        finally:  # what was measured before something broke
            self.stdout.write(table(results))
        if json:
            json.write_text(as_json(results) + "\n")
        if strict and any(result.met is False for result in results):
            raise CommandError("Not every aim is met.")

    def _run(self, names, quick, results):
        with database.prepared():
            for name in names:
                began = time.monotonic()
                with database.fresh(name):
                    results.extend(BENCHES[name](quick=quick))
                self.stderr.write(f"{name}: {time.monotonic() - began:.0f} s")
