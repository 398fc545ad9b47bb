"""What reviews do when something happens to a visit or its customer."""

from django.dispatch import receiver

from bookings.models import Status
from bookings.services.reminders.following_up import MADE_UP
from bookings.signals import booking_changed, customer_erased, follow_up_filled, salon_shown, visit_shown
from bookings.views.shown import Panel
from reviews import links, queries, rules, services, shown
from reviews.models import Publishing


@receiver(customer_erased)
def forget_the_customer(sender, person, at, **kwargs):
    """The stars stay, and say no more whose they were."""
    services.forget(person=person)


@receiver(booking_changed)
def hide_what_did_not_take_place(sender, booking, at, **kwargs):
    """A completed visit can only become one of these by a correction."""
    if booking.status in services.CORRECTED:
        services.hide_corrected(booking=booking, at=at)


@receiver(follow_up_filled)
def offer_the_link(sender, booking, business, now, **kwargs):
    """The address where the visit is rated; "" where the salon takes no reviews."""
    takes = queries.publishing() != Publishing.OFF and rules.can_write(booking, now=now)
    return {"review_link": links.review_url(business=business, booking=booking) if takes else ""}


@receiver(visit_shown)
def ask_on_the_visits_page(sender, booking, business, token, now, **kwargs):
    """A way to rate the visit, or to what was said of it, for whoever was there."""
    if booking.status != Status.COMPLETED or booking.source in MADE_UP:
        return None
    review = queries.review_of(booking)
    asks = review is None and rules.can_write(booking, now=now) and queries.publishing() != Publishing.OFF
    if not asks and (review is None or not rules.can_take_back(review)):
        return None
    return Panel("reviews/_panel.html", {"asks": asks, "token": links.review_token(booking)})


@receiver(salon_shown)
def show_on_the_front_page(sender, business, **kwargs):
    """Average and latest, for people and for search engines; nothing where nothing is published. One query."""
    rating = queries.rating()
    if rating is None:
        return None
    facts = {
        "average": rating.shown,
        "count": shown.count(rating.count),
        "reviews": [shown.shown(each) for each in rating.latest],
        "more": rating.count > len(rating.latest),
    }
    return Panel("reviews/_front.html", facts, shown.linked(rating))
