"""A member of the salon at a browser, pressing buttons of the dashboard as its pages offer them."""

from django.urls import reverse


def url(name, *args, **query):
    return reverse(f"dashboard:{name}", urlconf="config.urls_salon", args=args, query=query or None)


def page(booking, press=""):
    return url(f"visit-{press}" if press else "visit", booking.pk)


def sent_by(answer, **typed):
    """What an open page would send: what it shows, with what somebody types or presses."""
    shown = {bound.html_name: bound.value() for bound in answer.context["form"]}
    hidden = dict(answer.context["question"].hidden) if "question" in answer.context else {}
    return {name: str(value) for name, value in shown.items() if value is not None} | hidden | typed


def press(client, path, **typed):
    return client.post(path, sent_by(client.get(path), **typed))


def said(client):
    return [(message.level_tag, str(message)) for message in client.get(url("visits")).context["messages"]]


def question(answer):
    return answer.context["question"]


def buttons(client, booking):
    """What can be pressed on the visit's page, in order; what comes next first."""
    shown = client.get(page(booking)).context
    beside = [label for _, label in shown["next"]["buttons"]] if shown["next"] else []
    return beside + [label for _, label, _ in shown["buttons"]]
