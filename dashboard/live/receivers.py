"""What changes in a salon, told to its open pages once it is committed.

Whatever the trail is told, pages are told; and what leaves no line there: a visit that was sent off, one that lapsed.
"""

from functools import partial

from allauth.account.signals import password_changed, password_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import connection, transaction
from django.dispatch import receiver

from audit.signals import recorded
from bookings.signals import booking_changed, booking_lapsed, customer_added
from dashboard.live import groups, news, publishing
from messaging.signals import noticed
from tenants import queries


@receiver(recorded)
def tell_of_line(sender, entry, subject, **kwargs):
    _tell(news.of_line(entry, subject))


@receiver(booking_changed)
def tell_of_booking(sender, booking, what, **kwargs):
    if what == "created":  # everything else stands in the trail
        _tell(news.of_booking(booking, what))


@receiver(booking_lapsed)
def tell_of_lapsed(sender, booking, **kwargs):
    _tell(news.of_booking(booking, "lapsed"))


@receiver(customer_added)
def tell_of_customer(sender, customer, **kwargs):
    _tell(news.of_customer(customer))


@receiver(noticed)
def tell_of_notice(sender, event, about_id, **kwargs):
    _tell(news.of_notice(event, about_id))


@receiver(user_logged_out)
@receiver(password_changed)
@receiver(password_reset)
def look_again(sender, user, **kwargs):
    """Sockets of this person may have nobody behind them any more. The look every few seconds finds it too, later."""
    if user is None or not settings.LIVE_UPDATES:
        return
    for schema in queries.businesses_of(user).values_list("schema_name", flat=True):
        _after_commit(schema, {"type": "live.look"})


def _tell(told):
    if told is not None and settings.LIVE_UPDATES:
        _after_commit(connection.schema_name, {"type": "live.changed", "news": told.as_json()})


def _after_commit(schema, message):
    transaction.on_commit(partial(publishing.tell, groups.of(schema), message), robust=True)
