"""Customers from a file: new ones added, known ones left or brought up to date, as whoever imports has chosen."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from audit import services as audit
from bookings.models import Customer, FormerCustomer
from bookings.services import records
from bookings.services.customers.writing import add_customer, change_customer
from tenants.errors import DomainError

KNOWN = "Known already; left as they are."
SEVERAL = "Several customers have this phone number, so it cannot be told who is meant."
TWICE = "Left out: an earlier line is the same customer."
#: What of a known customer a file may change.
CONTACT = ("display_name", "email", "phone")


@dataclass(slots=True)
class Outcome:
    """How many lines added somebody, changed somebody, or said nothing new; refused ones have their `problem`."""

    added: int = 0
    changed: int = 0
    same: int = 0


@transaction.atomic
def import_customers(*, items, update, business, by, now, dry_run=False):
    """Take over what the `items` (customer_rows.Item) say; returns the `Outcome`.

    A line is about a customer who has its e-mail address, now or before a merge; else who has its phone number, unless
    both have an e-mail address and these differ. Known customers are left alone, or brought up to date where `update`
    says so: what stands in the file replaces name, e-mail and phone, and fills empty preferences. A line that cannot be
    taken gets its `problem`, the others stand. Consent to news is never touched. A dry run answers alike and writes nothing.
    """
    known, outcome, met = _Known(), Outcome(), set()
    who = {"by": by, "now": now}
    for item in items:
        if item.problem:
            continue
        try:
            _take(item, known, outcome, met, update, who, dry_run)
        except DomainError as exc:
            item.problem = str(exc)
    if (outcome.added or outcome.changed) and not dry_run:
        after = {"added": outcome.added, "changed": outcome.changed}
        audit.record(actor=by, action="customers.imported", subject=business, at=now, after=after)
    return outcome


def _take(item, known, outcome, met, update, who, dry_run):
    values = item.values
    customer = known.meant_by(values)
    if customer is None:
        fresh = Customer(**values) if dry_run else add_customer(fields=values, **who)
        known.remember(fresh)
        met.add(fresh.pk)
        outcome.added += 1
        return
    if customer.pk in met:
        raise records.Refused({"": TWICE})
    met.add(customer.pk)
    fields = _news(customer, values)
    if not fields:
        outcome.same += 1
    elif not update:
        raise records.Refused({"": KNOWN})
    else:
        if not dry_run:
            customer = change_customer(customer=customer, fields=fields, **who)
        known.remember(customer)
        outcome.changed += 1


def _news(customer, values):
    """What a line says that the salon does not have."""
    found = {
        name: values[name] for name in CONTACT if values[name] and str(getattr(customer, name) or "") != values[name]
    }
    if values["notes"] and not customer.notes:
        found["notes"] = values["notes"]
    return found


class _Known:
    """The salon's customers by address and number: two queries, however many lines."""

    def __init__(self):
        self.by_email, self.by_phone = {}, defaultdict(list)
        for former in FormerCustomer.objects.exclude(email="").select_related("customer"):
            self.by_email[former.email.lower()] = former.customer
        for customer in Customer.objects.filter(erased_at=None):
            self.remember(customer)

    def remember(self, customer):
        if customer.email:
            self.by_email[customer.email.lower()] = customer
        phone = str(customer.phone or "")
        if phone and customer.pk not in {each.pk for each in self.by_phone[phone]}:
            self.by_phone[phone].append(customer)

    def meant_by(self, values):
        """The customer a line is about, or None for somebody new. Raises records.Refused where it could be several."""
        email = values["email"]
        if email in self.by_email:
            return self.by_email[email]
        same = [each for each in self.by_phone.get(values["phone"], ()) if not (email and each.email)]
        if len(same) > 1:
            raise records.Refused({"": SEVERAL})
        return same[0] if same else None
