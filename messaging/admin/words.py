"""The salon's own words: a list of occasions, and a page for each; read by everybody, written by owners and admins."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from audit.admin import actor_of
from messaging import placeholders, queries, services
from messaging.forms import TemplateForm
from messaging.models import Channel
from messaging.samples import sample_values
from tenants import policies
from tenants.admin import site
from tenants.errors import DomainError
from tenants.permissions import Permission


class WordsForm(TemplateForm):
    """The same in the admin's clothes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress = {
            "subject": UnfoldAdminTextInputWidget(),
            "body": UnfoldAdminTextareaWidget({"rows": self.fields["body"].widget.attrs["rows"]}),
            "is_active": UnfoldBooleanSwitchWidget(),
        }
        for name, field in self.fields.items():
            field.widget = dress[name]
            field.widget.is_required = field.required


@require_safe
def words_list(request):
    """Every occasion once, with its e-mail and its text message."""
    by_trigger = {}
    for occasion in queries.occasions():
        by_trigger.setdefault(occasion.trigger, []).append(occasion)
    context = {"title": "Words of messages", "occasions": list(by_trigger.items())}
    return _page(request, "admin/salon/words_list.html", context)


def of_occasion(view):
    """The view gets the Occasion its address names; any other is a 404. Writing is for owners and admins."""

    @wraps(view)
    def inner(request, trigger, channel):
        try:
            occasion = queries.occasion(trigger=trigger, channel=channel)
        except KeyError as exc:
            raise Http404 from exc
        if request.method == "POST" and not policies.may(request.membership, Permission.WRITE_WORDS):
            raise PermissionDenied
        return view(request, occasion)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@of_occasion
def words_page(request, occasion):
    """One text, with its preview beside it. `preview` shows what was typed and saves nothing."""
    editable = policies.may(request.membership, Permission.WRITE_WORDS)
    form = WordsForm(
        request.POST or None,
        trigger=occasion.trigger.value,
        channel=occasion.channel,
        start=occasion.fields,
        editable=editable,
    )
    saving = request.method == "POST" and "preview" not in request.POST
    if saving and form.is_valid() and _save(request, occasion, form):
        return redirect("admin:words")
    context = {
        "title": f"{occasion.trigger.label}: {occasion.channel_label.lower()}",
        "occasion": occasion,
        "form": form,
        "editable": editable,
        "saving": saving,
        "words": _words(form, request.tenant),
        "warnings": placeholders.warnings_of(
            channel=occasion.channel, body=form["body"].value() or "", trigger=occasion.trigger.value
        ),
        "media": form.media,
    }
    return _page(request, "admin/salon/words.html", context)


@require_http_methods(["POST"])
@of_occasion
def reset(request, occasion):
    """The suggested words again; the salon's own stay readable in the trail."""
    if occasion.template is None:
        raise Http404
    services.reset_template(template=occasion.template, by=actor_of(request), now=timezone.now())
    messages.success(request, "The suggested words are back. What was there before is in the audit trail.")
    return redirect("admin:words_page", occasion.trigger.value, occasion.channel)


def _save(request, occasion, form):
    """Whether it was saved; what the service refuses is said above the form."""
    try:
        services.save_template(
            template=occasion.template, fields=form.asked(), by=actor_of(request), now=timezone.now()
        )
    except DomainError as exc:
        form.add_error(None, str(exc))
        return False
    messages.success(request, f"Saved: {occasion.trigger.label}, {Channel(occasion.channel).label.lower()}.")
    return True


def _words(form, business):
    """The words as a made-up customer would read them; None where they cannot be sent."""
    try:
        return form.words(sample_values(business=business, now=timezone.now(), language=form.language))
    except services.TemplateRefused:  # kept from before a rule we have now
        return None


def _page(request, template, context):
    request.current_app = site.name
    return TemplateResponse(request, template, site.each_context(request) | context)


def _urls():
    page = "words/<slug:trigger>/<slug:channel>/"
    return [
        path("words/", site.admin_view(words_list), name="words"),
        path(page, site.admin_view(words_page), name="words_page"),
        path(f"{page}reset/", site.admin_view(reset), name="words_reset"),
        *_others(),
    ]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
