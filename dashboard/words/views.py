"""The salon's own words: every occasion with its state, the text with its preview, a test, the way back, the languages."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.admin import actor_of
from bookings.services.profile import change_languages
from dashboard.frame import page, show
from dashboard.trail.shown import trail_url
from dashboard.words import looking
from dashboard.words.forms import LanguagesForm, WordsForm
from messaging import placeholders, queries, services
from messaging.models import Channel
from tenants import addresses, languages
from tenants.errors import DomainError
from tenants.permissions import Permission

WRITE = Permission.WRITE_WORDS
#: A mail in a frame: its own style and nothing else, shown by our pages alone.
INERT = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": [""],
}


@require_safe
@page(WRITE)
def occasions(request, language=""):
    """Every occasion once, with its e-mail and its text message, in one language."""
    language = _language(request, language or request.tenant.language)
    rows = {}
    for each in queries.occasions(language=language):
        url = reverse("dashboard:words-text", args=[language, each.trigger.value, each.channel])
        rows.setdefault(each.trigger, []).append({"occasion": each, "url": url, "state": state_of(each)})
    context = {"rows": rows.items(), "tabs": _tabs(request, language), "speaks": language in languages.WRITTEN}
    return show(request, "dashboard/words/list.html", context, here="settings")


def state_of(occasion):
    """(a word for it, the badge's kind)"""
    if not occasion.leaves:
        return "Never sent", "warn"
    if occasion.is_own:
        return "Your words", "good"
    if occasion.is_ruled:
        return "As in “Reminders”", ""
    if occasion.template is not None:
        return "Switched off", "warn"
    if occasion.channel == Channel.SMS:
        return "Not sent", ""
    return "Standard", ""


def of_occasion(view):
    """The view gets the Occasion its address names; any other is a 404."""

    @wraps(view)
    def inner(request, language, trigger, channel):
        language = _language(request, language)
        try:
            occasion = queries.occasion(trigger=trigger, channel=channel, language=language)
        except KeyError as exc:
            raise Http404 from exc
        return view(request, occasion)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
@of_occasion
def editor(request, occasion):
    """One text. Pressed `save` it is kept; `look` and `find` show what was typed, and save nothing."""
    form, booking = _form(request, occasion), looking.booking_of(request)
    saving = "save" in request.POST
    if saving and form.is_valid() and _save(request, occasion, form):
        return redirect("dashboard:words-in", occasion.language)
    context = _around(request, occasion, form) | _preview(request, form, booking) | _search(request, booking)
    return _framing(show(request, "dashboard/words/text.html", context | {"saving": saving}, here="settings"))


@require_POST
@page(WRITE)
@of_occasion
def preview(request, occasion):
    """The preview alone, while somebody types."""
    form = _form(request, occasion)
    context = {"occasion": occasion, "form": form} | _preview(request, form, looking.booking_of(request))
    return show(request, "dashboard/words/_preview.html", context)


@xframe_options_sameorigin
@require_safe
@page(WRITE)
def mail(request, key):
    """The HTML of a preview, inert, for a frame."""
    response = HttpResponse(looking.html_of(key))
    response._csp_replace = INERT
    return response


@require_safe
@page(WRITE)
def visits(request):
    """The visits a search finds, to choose one from; asked by the field itself."""
    if not looking.sees_customers(request):
        raise Http404
    return show(request, "dashboard/words/_visits.html", _search(request, None))


@require_POST
@page(WRITE)
@of_occasion
def test(request, occasion):
    """What is typed, as a mail to whoever presses: with a made-up customer, and links that lead nowhere."""
    if occasion.channel != Channel.EMAIL:
        raise Http404
    form = _form(request, occasion)
    if form.is_valid():
        _send_test(request, form)
    context = _around(request, occasion, form) | _preview(request, form, None) | _search(request, None)
    return _framing(show(request, "dashboard/words/text.html", context | {"saving": True}, here="settings"))


def _send_test(request, form):
    business, now = request.tenant, timezone.now()
    with languages.speaking(form.language):
        values = looking.values_of(business=business, booking=None, now=now)
        words = form.words(services.harmless(values, business=business))
    try:
        services.send_test(
            business=business,
            words=words,
            recipient=request.user.email,
            person=request.user,
            now=now,
            address=addresses.client_address(request),
        )
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"A test is on its way to {request.user.email}. What you typed is not saved by it.")


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
@of_occasion
def reset(request, occasion):
    """The suggested words again: first what is lost is shown, then it is pressed once more."""
    if occasion.template is None:
        raise Http404
    if request.method == "POST":
        services.reset_template(template=occasion.template, by=actor_of(request), now=timezone.now())
        messages.success(request, "The suggested words are back. What was there before is in the audit trail.")
        return redirect("dashboard:words-text", occasion.language, occasion.trigger.value, occasion.channel)
    return show(request, "dashboard/words/reset.html", {"occasion": occasion}, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
def speaking(request):
    """What the salon speaks, and what customers may ask for."""
    business = request.tenant
    start = {"language": business.language, "others": business.other_languages}
    form = LanguagesForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        changed = change_languages(business=business, **form.cleaned_data, by=actor_of(request), now=timezone.now())
        messages.success(request, "Saved." if changed else "Nothing was changed.")
        return redirect("dashboard:words")
    return show(request, "dashboard/words/languages.html", {"form": form}, here="settings")


# Details ---------------------------------------------------------------------------------------


def _language(request, language):
    """One the salon speaks, or has words in. Raises Http404."""
    if language not in request.tenant.languages and language not in queries.languages_written():
        raise Http404
    return language


def _tabs(request, here):
    """(address, name, whether it is this one) of every language there may be words in; none where there is one."""
    known = languages.order(*request.tenant.languages, *sorted(queries.languages_written()))
    tabs = [(reverse("dashboard:words-in", args=[each]), languages.NAMES[each], each == here) for each in known]
    return tabs if len(tabs) > 1 else []


def _form(request, occasion):
    return WordsForm(
        request.POST if request.method == "POST" else None,
        trigger=occasion.trigger.value,
        channel=occasion.channel,
        language=occasion.language,
        start=occasion.fields,
    )


def _around(request, occasion, form):
    """What stands beside the preview."""
    template = occasion.template
    return {
        "occasion": occasion,
        "form": form,
        "state": state_of(occasion),
        "many_languages": len(request.tenant.languages) > 1,
        "trail_url": trail_url(subject=f"messaging.NotificationTemplate:{template.pk}") if template else "",
    }


def _preview(request, form, booking):
    try:
        shown = looking.look(business=request.tenant, form=form, booking=booking, now=timezone.now())
    except services.TemplateRefused:  # kept from before a rule we have now
        shown = None
    body = form["body"].value() or ""
    warnings = placeholders.warnings_of(channel=form.channel, body=body, trigger=form.trigger.value)
    return {"seen": shown, "warnings": warnings, "booking": booking}


def _search(request, booking):
    """The field that finds visits, for who may see customers."""
    term = (request.POST or request.GET).get("visit", "")
    allowed = looking.sees_customers(request)
    found = looking.found_visits(term) if allowed else []
    chosen = str(booking.pk) if booking else ""
    if booking and chosen not in dict(found):
        found.insert(0, (chosen, looking.called(booking)))
    return {"may_search": allowed, "asked_for": term[: looking.LONGEST], "found": found, "chosen": chosen}


def _framing(response):
    """The page may show the mail in a frame."""
    response._csp_update = getattr(response, "_csp_update", {}) | {"frame-src": ["'self'"]}
    return response


def _save(request, occasion, form):
    """Whether it was saved; what the service refuses is said above the form."""
    try:
        services.save_template(
            template=occasion.template, fields=form.asked(), by=actor_of(request), now=timezone.now()
        )
    except DomainError as exc:
        form.add_error(None, str(exc))
        return False
    messages.success(request, f"Saved: {occasion.trigger.label}, {occasion.channel_label.lower()}.")
    return True
