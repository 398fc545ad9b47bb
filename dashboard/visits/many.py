"""Several visits closed at once: one page that says what each takes, then one press each."""

from dataclasses import replace
from uuid import UUID

from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from bookings.desk.pressing import Said
from dashboard import desk
from dashboard.frame import page
from dashboard.visits import presses
from payments import queries
from payments.desk import many
from tenants.permissions import Permission

KINDS = {str(kind): kind for kind in many.VERB}


@require_POST
@page(Permission.CLOSE_VISITS)
def close_many(request):
    """Sent by the list: what is ticked is asked about. Sent by that page: each is pressed."""
    kind, back = KINDS.get(request.POST.get("kind")), back_of(request)
    if kind is None:
        return redirect(back)
    chosen = many.chosen_of(queries.visits().filter(pk__in=ticked(request)))
    if isinstance(chosen, Said):
        return said(request, back, chosen)
    if not chosen:
        return said(request, back, Said("Tick the visits first.", "WARNING"))
    pressed = "key" in request.POST
    form = many.form_of(kind)(request.POST if pressed else None, business=request.tenant)
    if pressed and form.is_valid():
        return said(request, back, *many.press(kind, chosen, form, desk.presser(request), request.POST))
    question, ready = many.question(kind, chosen, desk.presser(request))
    if isinstance(question, Said):
        return said(request, back, question)
    hidden = (("kind", kind), ("back", request.POST.get("back", "")), *(("visit", booking.pk) for booking in ready))
    return presses.ask(request, form, replace(question, hidden=(*hidden, *question.hidden)), back=back)


def said(request, back, *answers):
    for answer in answers:
        desk.say(request, answer)
    return redirect(back)


def ticked(request):
    """The ids that were sent, as far as they are ids."""
    found = []
    for text in request.POST.getlist("visit"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def back_of(request):
    """The list as it was filtered; `back` is its query string, never an address."""
    query = QueryDict(request.POST.get("back", "")[:2000]).urlencode()
    return f"{reverse('dashboard:visits')}?{query}" if query else reverse("dashboard:visits")
