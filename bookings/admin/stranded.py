"""Says which coming visits a setting leaves without their time. Nothing is refused for them, but asked (`writing`)."""

from django.contrib import messages

from bookings import words

SHOWN = 12


def tell_moves(request, page, cause, bookings):
    """Name the visits that need a move; nothing where there are none."""
    if bookings:
        request.visits_told = [*told(request), (cause, bookings)]
        page.message_user(request, said_of_moves(request.tenant, cause, bookings), messages.WARNING)


def told(request):
    """What `tell_moves` was called with in this request: [(cause, bookings)]."""
    return getattr(request, "visits_told", [])


def said_of_moves(business, cause, bookings):
    """The visits that need a move, by time, reference and customer."""
    listed = (
        f"{words.when(each.start_at.astimezone(business.zone))} {each.ref} {each.contact_name}" for each in bookings
    )
    return f"{cause} and need a move: {_list(listed, '; ')}."


def tell_above(request, page, what, bookings):
    """Name the visits that use more than a limit that was lowered."""
    if bookings:
        refs = _list((booking.ref for booking in bookings), ", ")
        page.message_user(request, f"These coming visits use more {what} and stay as booked: {refs}.", messages.WARNING)


def tell_unbookable(request, page, services):
    """Name the services that fit into nobody's working time."""
    for service in services:
        page.message_user(request, said_of_unbookable(service), messages.WARNING)


def said_of_unbookable(service):
    return (
        f"“{service}” fits into nobody’s working time, so it cannot be booked. "
        "Change its length, the hours, or who performs it."
    )


def _list(texts, between):
    texts = [text.strip() for text in texts]
    more = [f"and {len(texts) - SHOWN} more"] if len(texts) > SHOWN else []
    return between.join(texts[:SHOWN] + more)
