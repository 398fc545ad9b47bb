"""Cards for tests, in the current salon, and what their ledgers say."""

from django.db import connection
from django.utils import timezone

from audit.actors import SYSTEM
from giftcards import codes, services
from giftcards.models import GiftCard


def make_card(cents=10_000, *, percent=None, **fields):
    """A card worth 100.00, or what is given."""
    worth = {"discount_percent": percent} if percent else {"amount_cents": cents}
    given = {"currency_code": connection.tenant.currency_code, "by": SYSTEM, "now": timezone.now()}
    return services.issue(**worth | given | fields)


def make_offer(*covered, visits=5, price_cents=20_000, **fields):
    """A package of the catalogue: five visits for 200.00."""
    given = {"name": covered[0].name, "visits": visits, "price_cents": price_cents, "valid_months": 12}
    given["service_ids"] = [service.pk for service in covered]
    return services.create_package(fields=given | fields, by=SYSTEM, now=timezone.now())


def make_package(*covered, visits=5, price_cents=20_000, **fields):
    """A package of visits for these services, bought for 200.00."""
    given = {"title": f"{visits} × {covered[0].name}", "usage_limit": visits, "price_cents": price_cents}
    return make_card(percent=100, service_ids=[service.pk for service in covered], **given | fields)


def code(card):
    return codes.code_of(card.pk)


def reserve(business, booking, card, **how):
    return services.reserve(booking=booking, code=code(card), business=business, now=timezone.now(), **how)


def balance(card):
    return GiftCard.objects.get(pk=card.pk).balance_cents


def uses(card):
    return GiftCard.objects.get(pk=card.pk).usage_count


def ledger(card):
    """(kind, signed cents, balance after) of each entry, oldest first."""
    return list(card.entries.order_by("pk").values_list("kind", "amount_signed_cents", "balance_after_cents"))
