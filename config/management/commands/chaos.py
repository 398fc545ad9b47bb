from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.bench import database
from config.bench.results import as_json, table
from config.chaos.run import run


class Command(BaseCommand):
    help = "Press the money buttons while Stripe fails and processes are killed; compare both ledgers to the cent."

    def add_arguments(self, parser):
        parser.add_argument("--presses", type=int, default=1_000)
        parser.add_argument("--kills", type=int, default=50, help="kill -9, by pid, of processes of this run only.")
        parser.add_argument("--rate", type=float, default=0.2, help="The share of calls to Stripe that go wrong.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--control", action="store_true", help="With a wrong driver: differences must be found.")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Write the results there too.")

    def handle(self, *, presses, kills, rate, seed, control, json, **options):
        if settings.PRODUCTION:
            raise CommandError("This kills processes and makes Stripe fail; it does not run in production.")
        with database.prepared(), database.fresh("chaos"):
            results = list(run(count=presses, kills=kills, rate=rate, seed=seed, control=control))
        self.stdout.write(table(results))
        if json:
            json.write_text(as_json(results) + "\n")
        differs = any(result.met is False for result in results)
        if control and not differs:
            raise CommandError("The wrong driver was not caught: this comparison is blind.", returncode=1)
        if differs and not control:
            raise CommandError("Not every aim is met: see the table.", returncode=1)
        if control:
            self.stdout.write("The wrong driver was caught, as it has to be.")
