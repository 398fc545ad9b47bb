"""What is said after a press, and the way back beside it: to a browser by a message, to the script as JSON."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Undo:
    """One press that takes the last one back."""

    url: str
    fields: dict = field(default_factory=dict)


def wants_json(request):
    return request.headers.get("Accept") == JSON


def done(request, sentence, *, url, undo=None):
    """Say it, and go to `url`."""
    if wants_json(request):
        return JsonResponse({"said": sentence, "undo": undo and {"url": undo.url, "fields": undo.fields}})
    text = sentence
    if undo:
        text = render_to_string("dashboard/calendar/_undo.html", {"sentence": sentence, "undo": undo}, request)
    messages.success(request, text)
    return redirect(url)


def refused(request, exc, *, url, ask=False):
    """Say why not. `ask`: the same press is possible with the rules of notice and furthest date set aside."""
    if wants_json(request):
        return JsonResponse({"detail": str(exc), "code": exc.code, "ask": ask}, status=exc.status)
    messages.error(request, str(exc))
    return redirect(url)
