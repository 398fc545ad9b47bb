"""A member of the salon at a browser, pressing buttons of the admin as its pages offer them."""

BOOKINGS = "/admin/bookings/booking/"


def page(booking, name="change"):
    return f"{BOOKINGS}{booking.pk}/{name}/"


def form_of(client, path, **typed):
    """What the button's page would send: what it shows, with what somebody types or presses."""
    return sent_by(client.get(path), **typed)


def sent_by(answer, **typed):
    """The same of a page that is open already."""
    shown = {bound.html_name: bound.value() for bound in answer.context["form"]}
    hidden = dict(answer.context.get("hidden") or {})
    return {name: str(value) for name, value in shown.items() if value is not None} | hidden | typed


def press(client, path, **typed):
    return client.post(path, form_of(client, path, **typed))


def said(client):
    return [(message.level_tag, str(message)) for message in client.get(BOOKINGS).context["messages"]]


def lines(answer):
    return list(answer.context["lines"])


def buttons(client, booking):
    """What can be pressed on the booking's page, in order."""
    found = client.get(page(booking)).context["actions_detail"]
    return [item["title"] for entry in found for item in entry.get("items", [entry])]
