"""Packages: the catalogue of them, and one sold at the desk.

What has been sold is a card of its own (`issuing`): no change here reaches it.
"""

from django.db import transaction

from audit import services as audit
from bookings.models import Service
from bookings.services import records
from giftcards import rules
from giftcards.models import AT_THE_DESK, GiftCard, Package, PaidBy
from giftcards.services import keeping
from giftcards.services.issuing import WHOLE, issue
from tenants.errors import DomainError

COLUMNS = (
    "name",
    "description",
    "visits",
    "price_cents",
    "service_ids",
    "valid_months",
    "sold_online",
    "active",
    "sort_order",
)
MOST_PACKAGES = 50


class PackageNotSold(DomainError):
    code = "package_not_sold"
    status = 409
    message = "This package is not sold any more."


class SaleStands(DomainError):
    """A sale that cannot be taken back; the sentence says why."""

    code = "package_sale_stands"
    status = 409


class SaleRefused(DomainError):
    """A sale at the desk that does not add up; `field` is what is at fault."""

    code = "package_sale_refused"

    def __init__(self, field, message):
        self.field = field
        super().__init__(message)


@transaction.atomic
def create_package(*, fields, by, now):
    """A new package (`fields`: some of COLUMNS). Raises records.Refused, records.NoRoom."""
    records.lock()
    records.check_room(Package.objects, MOST_PACKAGES, "packages")
    package = Package()
    records.put(package, fields, COLUMNS)
    records.check(package, _problems)
    package.save()
    records.note_added(package, by=by, now=now, **_told(fields))
    return package


@transaction.atomic
def change_package(*, package, fields, by, now):
    """The package with some of COLUMNS changed, for whoever buys it from now on. Raises records.Refused, records.Gone."""
    records.lock()
    package = records.fresh(package)
    changed = records.put(package, fields, COLUMNS)
    records.check(package, _problems)
    if changed:
        package.save(update_fields=list(changed))
        told = {name: tuple(_plain(value) for value in pair) for name, pair in changed.items()}
        records.note_changed(package, told, by=by, now=now)
    return package


@transaction.atomic
def sell_package(*, business, package, name, email, paid_by, amount_cents, reason="", card_id, by, now):
    """Sell a package at the desk; returns its card, which is mailed where there is an address.

    `amount_cents` is what the salon has taken, in cash or at the terminal; given free of charge, it is nothing and says
    why. A `card_id` of the caller's is sold once. Raises PackageNotSold, SaleRefused, IssuedDifferently.
    """
    package = Package.objects.select_for_update(no_key=True).get(pk=package.pk)
    if known := GiftCard.objects.filter(pk=card_id, package=package).first():
        return known
    if not package.active:
        raise PackageNotSold
    _check_sale(package, paid_by, amount_cents, reason)
    return issue(
        **card_of(package, currency_code=business.currency_code, today=now.astimezone(business.zone).date()),
        price_cents=0 if paid_by == PaidBy.FREE else amount_cents,
        paid_by=paid_by,
        recipient_name=name,
        recipient_email=email,
        note=reason[:200],
        card_id=card_id,
        by=by,
        now=now,
    )


@transaction.atomic
def undo_sale(*, card, reason, by, now):
    """Take a sale at the desk back that was a mistake: nobody can use the package, and its money was never taken.

    Only while no visit has it put aside or was paid with it. What was taken is handed back by hand. Done twice, it is
    done once. Raises SaleStands.
    """
    card = GiftCard.objects.select_for_update().get(pk=card.pk)
    if card.unsold_at:
        return card
    _check_undo(card, reason)
    keeping.take_back(card=card, reason=reason, by=by, now=now)
    card.refresh_from_db()
    card.unsold_at = now
    card.save(update_fields=["unsold_at"])
    after = {"title": card.title, "price_cents": card.price_cents, "currency_code": card.currency_code}
    after |= {"paid_by": card.paid_by, "reason": reason[:200]}
    audit.record(actor=by, action="giftcard.sale_undone", subject=card, at=now, after=after)
    return card


def _check_undo(card, reason):
    if not card.is_sold_at_desk:
        raise SaleStands("It was not sold at the desk: give its money back where it was paid.")
    if not reason.strip():
        raise SaleStands("Please say why.")
    if card.usage_count:
        raise SaleStands("A visit was booked or paid with it already. Call that off first, or switch the card off.")


def card_of(package, *, currency_code, today):
    """What `issue` makes the card of a package with, that was bought on `today` of the salon."""
    return {
        "title": package.title,
        "discount_percent": WHOLE,
        "usage_limit": package.visits,
        "service_ids": package.service_ids,
        "expiration_date": rules.last_day(today, package.valid_months),
        "currency_code": currency_code,
        "package": package,
    }


def _check_sale(package, paid_by, amount_cents, reason):
    if paid_by not in AT_THE_DESK:
        raise SaleRefused("paid_by", "Say how it was paid.")
    if paid_by == PaidBy.FREE:
        if not reason.strip():
            raise SaleRefused("reason", "Say why it is given free of charge.")
        return
    if not 0 < amount_cents <= package.price_cents * rules.MOST_TIMES:
        raise SaleRefused("amount", "Write what was paid.")
    if amount_cents != package.price_cents and not reason.strip():
        raise SaleRefused("reason", "Say why this is not the price of the package.")


def _problems(package):
    """Field → what is wrong with it, beyond what its columns say."""
    found = {}
    if not package.name:
        found["name"] = "Give it a name."
    if package.price_cents < package.visits:
        found["price_cents"] = "Give it a price; what is given for free is sold to somebody as that."
    known = Service.objects.filter(pk__in=package.service_ids, deleted_at=None).count()
    if not package.service_ids or known != len(set(package.service_ids)):
        found["service_ids"] = "Choose services of yours that it pays for."
    return found


def _told(fields):
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value):
    return [str(each) for each in value] if isinstance(value, list) else value
