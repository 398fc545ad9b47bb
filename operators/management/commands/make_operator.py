from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_tenants.utils import schema_context

from operators import services
from tenants.errors import DomainError


class Command(BaseCommand):
    help = "Make a person with an account one of the platform's staff, or take them off it (docs/runbook-operators.md)."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--remove", action="store_true", help="Take the person off the staff instead.")

    def handle(self, *, email, remove, **options):
        act = services.remove_operator if remove else services.make_operator
        try:
            with schema_context("public"):
                user = act(email=email, by=services.By(None), now=timezone.now())
        except DomainError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(f"{user.email} is {'no operator any more' if remove else 'an operator'}.")
