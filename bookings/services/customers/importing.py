"""Customers from a file: new ones added, known ones left or brought up to date, as whoever imports has chosen."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from audit import services as audit
from bookings.models import Customer, FormerCustomer
from bookings.services.customers.writing import EMAIL_CONSTRAINT, TAKEN, change_customer
from tenants.errors import DomainError

KNOWN = "Known already; left as they are."
SEVERAL = "Several customers have this phone number, so it cannot be told who is meant."
TWICE = "Left out: an earlier line is the same customer."
#: What of a known customer a file may change.
CONTACT = ("display_name", "email", "phone")
BATCH = 500


@dataclass(slots=True)
class Outcome:
    """How many lines added somebody, changed somebody, or said nothing new; refused ones have their `problem`."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class _Person:
    """Somebody who is known, or was met in an earlier line; `pk` is None for the latter."""

    pk: object
    values: dict
    is_met: bool = False


@dataclass(slots=True)
class _Plan:
    """What is to be written: the items of new customers, and (item, id, fields) of known ones."""

    new: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


@transaction.atomic
def import_customers(*, items, update, business, by, now, dry_run=False):
    """Take over what the `items` (customer_rows.Item) say; returns the `Outcome`.

    A line is about a customer who has its e-mail address, now or before a merge; else who has its phone number, unless
    both have an e-mail address and these differ. Known customers are left alone, or brought up to date where `update`
    says so: what stands in the file replaces name, e-mail and phone, and fills empty preferences. A line that cannot be
    taken gets its `problem`, the others stand. Consent to news is never touched. The trail has one line for all who are
    added, and one for each who is changed; higher apps are not told of each (`customer_added`): ten thousand people taken
    over are no news. A dry run answers alike and writes nothing.
    """
    plan = _planned(items, update)
    if not dry_run:
        _add(plan)
        _change(plan, by, now)
        if plan.outcome.added or plan.outcome.changed:
            after = {"added": plan.outcome.added, "changed": plan.outcome.changed}
            audit.record(actor=by, action="customers.imported", subject=business, at=now, after=after)
    return plan.outcome


def _planned(items, update):
    """Look at every line; gives problems to those that cannot be.

    What is to be written is in one order, whatever the file's: two files with the same people would stop each other.
    """
    known, plan = _Known(), _Plan()
    for item in items:
        if not item.problem:
            item.problem = _plan_one(item, known, plan, update)
    plan.new.sort(key=lambda item: item.values["email"])
    plan.changes.sort(key=lambda change: change[1])
    return plan


def _plan_one(item, known, plan, update):
    """Add a line to the plan, or say why not."""
    found = known.meant_by(item.values)
    if len(found) > 1:
        return SEVERAL
    if not found:
        known.remember(_Person(None, dict(item.values), is_met=True))
        plan.new.append(item)
        plan.outcome.added += 1
        return ""
    (person,) = found
    if person.is_met:
        return TWICE
    person.is_met = True
    fields = _news(person.values, item.values)
    if not fields:
        plan.outcome.same += 1
    elif not update:
        return KNOWN
    else:
        plan.changes.append((item, person.pk, fields))
        plan.outcome.changed += 1
        person.values |= fields
        known.remember(person)
    return ""


def _news(has, says):
    """What a line says that the salon does not have."""
    found = {name: says[name] for name in CONTACT if says[name] and has[name] != says[name]}
    if says["notes"] and not has["notes"]:
        found["notes"] = says["notes"]
    return found


def _add(plan):
    """Write the new customers, many at a time; one by one where somebody has got one of the addresses meanwhile."""
    for start in range(0, len(plan.new), BATCH):
        batch = [(item, Customer(**item.values)) for item in plan.new[start : start + BATCH]]
        if not _written([customer for _, customer in batch]):
            for item, customer in batch:
                if not _written([customer]):
                    item.problem = TAKEN["email"]
                    plan.outcome.added -= 1


def _written(customers):
    try:
        with transaction.atomic():
            Customer.objects.bulk_create(customers)
    except IntegrityError as exc:
        if EMAIL_CONSTRAINT in str(exc):
            return False
        raise
    return True


def _change(plan, by, now):
    for item, pk, fields in plan.changes:
        try:
            change_customer(customer=Customer(pk=pk), fields=fields, by=by, now=now)
        except DomainError as exc:
            item.problem = str(exc)
            plan.outcome.changed -= 1


class _Known:
    """The salon's customers by address and number: two queries, however many lines."""

    def __init__(self):
        self.by_email, self.by_phone = {}, defaultdict(list)
        people = {}
        # The number as it is stored: making a phone number of it takes a tenth of a millisecond each.
        stored = Customer.objects.filter(erased_at=None).annotate(number=Cast("phone", TextField())).order_by("pk")
        for pk, name, email, phone, notes in stored.values_list("pk", "display_name", "email", "number", "notes"):
            people[pk] = _Person(pk, {"display_name": name, "email": email, "phone": phone, "notes": notes})
        for email, pk in FormerCustomer.objects.exclude(email="").values_list("email", "customer"):
            if pk in people:
                self.by_email[email.lower()] = people[pk]
        for person in people.values():
            self.remember(person)

    def remember(self, person):
        email, phone = person.values["email"].lower(), person.values["phone"]
        if email:
            self.by_email[email] = person
        if phone and not any(each is person for each in self.by_phone[phone]):
            self.by_phone[phone].append(person)

    def meant_by(self, values):
        """Who a line may be about: one, several, or nobody."""
        email = values["email"]
        if email in self.by_email:
            return [self.by_email[email]]
        return [each for each in self.by_phone.get(values["phone"], ()) if not (email and each.values["email"])]
