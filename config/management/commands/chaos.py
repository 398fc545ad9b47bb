from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.bench import database
from config.bench.results import as_json, table
from config.chaos import month
from config.chaos.run import run

STORIES = {
    "presses": lambda asked, control: run(
        count=asked["presses"], kills=asked["kills"], rate=asked["rate"], seed=asked["seed"], control=control
    ),
    "messages": lambda asked, control: month.run(
        salons=asked["salons"], visits=asked["visits"], kills=asked["kills"], seed=asked["seed"], control=control
    ),
}


class Command(BaseCommand):
    help = (
        "Presses while Stripe fails, or a month of messages, while processes are killed; then everything is compared."
    )

    def add_arguments(self, parser):
        parser.add_argument("story", nargs="?", choices=["presses", "messages"], default="presses")
        parser.add_argument("--salons", type=int, default=200, help="Of the month of messages.")
        parser.add_argument("--visits", type=int, default=50, help="In each of them.")
        parser.add_argument("--presses", type=int, default=1_000)
        parser.add_argument("--kills", type=int, default=50, help="kill -9, by pid, of processes of this run only.")
        parser.add_argument("--rate", type=float, default=0.2, help="The share of calls to Stripe that go wrong.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--control", action="store_true", help="With a wrong driver: differences must be found.")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Write the results there too.")

    def handle(self, *, story, control, json, **options):
        if settings.PRODUCTION:
            raise CommandError("This kills processes and makes Stripe fail; it does not run in production.")
        with database.prepared(), database.fresh("chaos"):
            results = list(STORIES[story](options, control))
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
