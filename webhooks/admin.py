"""Webhooks in the salon's admin: endpoints with their buttons, and the log of what was sent."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from audit.admin import SalonModelAdmin, actor_of
from bookings.admin.asking import Asking
from bookings.admin.forms import PressForm
from tenants.admin import Grants, moment, register
from tenants.errors import DomainError
from tenants.permissions import Permission
from webhooks import gateway, services
from webhooks.models import DeliveryStatus, EndpointState, EventType, WebhookDelivery, WebhookEndpoint

STATES = {EndpointState.ACTIVE: "success", EndpointState.PAUSED: "warning", EndpointState.DISABLED: "danger"}
OUTCOMES = {DeliveryStatus.DELIVERED: "success", DeliveryStatus.PENDING: "info", DeliveryStatus.DEAD: "danger"}


class EndpointForm(PressForm):
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Begins with https:// and is reached over the public internet.",
    )
    description = forms.CharField(label="Name", max_length=120, required=False, widget=UnfoldAdminTextInputWidget())
    events = forms.MultipleChoiceField(
        label="Tell it of", choices=EventType.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )

    def clean_url(self):
        url = self.cleaned_data["url"].strip()
        try:
            gateway.target_of(url)
        except gateway.Refused as exc:
            raise forms.ValidationError(str(exc)) from exc
        return url

    def asked(self):
        return {name: self.cleaned_data[name] for name in ("url", "description", "events")}


@register(WebhookEndpoint)
class WebhookEndpointAdmin(Asking, SalonModelAdmin):
    grants = Grants(view=Permission.MANAGE_INTEGRATIONS, add=Permission.MANAGE_INTEGRATIONS)
    list_display = ("name", "state_badge", "told_of", "since")
    list_display_links = ("name",)
    ordering = ("created_at", "pk")
    fields = ("url", "description", "state", "disabled_reason", "told_of", "failing_since", "since")
    since = moment("created_at", "since")
    actions_detail = ("send_test", "edit", "roll", "pause", "resume", "replay_dead", "remove")

    @display(description="endpoint", ordering="url")
    def name(self, endpoint):
        return str(endpoint)

    @display(description="state", label={color: color for color in STATES.values()})
    def state_badge(self, endpoint):
        state = EndpointState(endpoint.state)
        return STATES[state], state.label

    @display(description="told of")
    def told_of(self, endpoint):
        return ", ".join(EventType(event).label for event in endpoint.events)

    def endpoint(self, request, object_id):
        """The endpoint of the request; 404 where there is none."""
        endpoint = self.get_object(request, object_id)
        if endpoint is None:
            raise Http404
        return endpoint

    def get_actions_detail(self, request, object_id):
        endpoint = self.endpoint(request, object_id)
        is_active = endpoint.state == EndpointState.ACTIVE
        possible = {
            "send_test": is_active,
            "pause": is_active,
            "resume": not is_active,
            "replay_dead": endpoint.deliveries.filter(status=DeliveryStatus.DEAD).exists(),
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if possible.get(each.action_name.removeprefix(prefix), True)
        ]

    @method_decorator(never_cache)
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EndpointForm(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            how = {"by": actor_of(request), "now": timezone.now()}
            try:
                made = services.add_endpoint(business=request.tenant, **form.asked(), **how)
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                return self.secret_page(request, *made)
        return self.ask(request, title="Add a webhook endpoint", form=form, button="Add")

    def secret_page(self, request, endpoint, secret):
        """The one page that shows a secret: it is in no message, no session and no table."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Signing secret",
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": secret,
            "back_url": self.back_url(endpoint),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/webhook_secret.html", context)

    # Buttons -----------------------------------------------------------------------------------

    def press(self, request, endpoint, act, *, back=None, form=None, **page):
        """One button: GET asks, POST acts through a service and goes back with its answer."""
        form = form or PressForm(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            try:
                said = act({"by": actor_of(request), "now": timezone.now()}, form)
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                if not isinstance(said, str):
                    return said
                self.message_user(request, said, messages.SUCCESS)
                return redirect(back or self.back_url(endpoint))
        return self.ask(request, form=form, original=endpoint, **page)

    @action(description="Send a test event", permissions=["manage_integrations"], icon="send", url_path="test")
    def send_test(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            services.send_test(endpoint=endpoint, now=how["now"])
            return "The test event is on its way. See “Webhook deliveries” for how it went."

        lines = ["An event “webhook.test” is sent to this endpoint."]
        return self.press(request, endpoint, act, title="Send a test event", button="Send it", lines=lines)

    @action(description="Change", permissions=["manage_integrations"], icon="edit", url_path="edit")
    def edit(self, request, object_id):
        endpoint = self.endpoint(request, object_id)
        initial = {name: getattr(endpoint, name) for name in ("url", "description", "events")}
        form = EndpointForm(request.POST or None, business=request.tenant, initial=initial)

        def act(how, form):
            services.change_endpoint(endpoint=endpoint, **form.asked(), **how)
            return "Saved."

        return self.press(request, endpoint, act, form=form, title="Change the endpoint", button="Save")

    @action(description="New secret", permissions=["manage_integrations"], icon="key", url_path="roll")
    @method_decorator(never_cache)
    def roll(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            return self.secret_page(request, *services.roll_secret(endpoint=endpoint, **how))

        lines = ["Messages are signed with a new secret from now on. For 24 hours the present one signs along."]
        return self.press(request, endpoint, act, title="Make a new secret", button="Make it", lines=lines)

    @action(description="Pause", permissions=["manage_integrations"], icon="pause", url_path="pause")
    def pause(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            services.pause(endpoint=endpoint, **how)
            return "The endpoint is paused."

        lines = ["Nothing is sent. What happens until you resume is not told later."]
        return self.press(request, endpoint, act, title="Pause the endpoint", button="Pause it", lines=lines)

    @action(description="Resume", permissions=["manage_integrations"], icon="play_arrow", url_path="resume")
    def resume(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            services.resume(endpoint=endpoint, **how)
            return "The endpoint is active."

        return self.press(request, endpoint, act, title="Resume the endpoint", button="Resume it")

    @action(description="Send all dead again", permissions=["manage_integrations"], icon="replay", url_path="replay")
    def replay_dead(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            return f"{services.replay_dead(endpoint=endpoint, now=how['now'])} sent again.{_waits(endpoint)}"

        lines = [f"Everything that was given up on is sent once more.{_waits(endpoint)}"]
        return self.press(request, endpoint, act, title="Send again", button="Send again", lines=lines)

    @action(
        description="Delete",
        permissions=["manage_integrations"],
        icon="delete",
        url_path="remove",
        variant=ActionVariant.DANGER,
    )
    def remove(self, request, object_id):
        endpoint = self.endpoint(request, object_id)

        def act(how, form):
            services.delete_endpoint(endpoint=endpoint, **how)
            return "The endpoint is deleted."

        return self.press(
            request,
            endpoint,
            act,
            back=self.back_url(),
            title="Delete the endpoint",
            button="Delete it",
            danger=True,
            lines=["The address, its log and what was still to be sent there are deleted."],
        )


@register(WebhookDelivery)
class WebhookDeliveryAdmin(Asking, SalonModelAdmin):
    """What was sent, where to, and how it went."""

    grants = Grants(view=Permission.MANAGE_INTEGRATIONS)
    list_display = ("kind", "target", "outcome", "occurred", "code", "next_try")
    list_display_links = ("kind",)
    list_filter = ("status", "endpoint")
    list_select_related = ("event", "endpoint")
    ordering = ("-event__position", "pk")
    fields = (
        "kind",
        "target",
        "status",
        "occurred",
        "booking",
        "attempted",
        "next_try",
        "response_code",
        "response_text",
        "reason",
    )
    actions_detail = ("replay",)

    @display(description="event", ordering="event__type")
    def kind(self, delivery):
        return delivery.event.type

    @display(description="endpoint", ordering="endpoint__url")
    def target(self, delivery):
        return str(delivery.endpoint)

    @display(description="status", label={color: color for color in OUTCOMES.values()})
    def outcome(self, delivery):
        status = DeliveryStatus(delivery.status)
        return OUTCOMES[status], status.label

    @display(description="happened", ordering="event__occurred_at")
    def occurred(self, delivery):
        return _shown(delivery.event.occurred_at)

    @display(description="booking, number")
    def booking(self, delivery):
        event = delivery.event
        return f"{event.booking_id}, {event.sequence or '–'}" if event.booking_id else "–"

    @display(description="answer", ordering="response_code")
    def code(self, delivery):
        return delivery.response_code or "–"

    @display(description="next try", ordering="due_at")
    def next_try(self, delivery):
        return _shown(delivery.due_at) if delivery.status == DeliveryStatus.PENDING else "–"

    @display(description="attempts")
    def attempted(self, delivery):
        rows = ((_shown(parse_datetime(each["at"])), each["reason"] or each["code"]) for each in delivery.tries)
        return format_html_join(mark_safe("<br>"), "{}: {}", rows) or "–"

    @action(description="Send again", permissions=["manage_integrations"], icon="replay", url_path="replay")
    def replay(self, request, object_id):
        delivery = self.get_object(request, object_id)
        if delivery is None:
            raise Http404
        form = PressForm(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            try:
                services.replay(delivery=delivery, now=timezone.now())
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                self.message_user(request, f"The event is sent again.{_waits(delivery.endpoint)}", messages.SUCCESS)
                return redirect(self.back_url(delivery))
        return self.ask(
            request,
            title="Send again",
            form=form,
            button="Send again",
            original=delivery,
            lines=[
                f"“{delivery.event.type}” is sent to {delivery.endpoint} once more, under the same id."
                f"{_waits(delivery.endpoint)}"
            ],
        )


def _waits(endpoint):
    """What had better be known before something is sent again to an endpoint that is told nothing."""
    if endpoint.state == EndpointState.ACTIVE:
        return ""
    return f" It waits until you press Resume on the endpoint’s page: the endpoint is {endpoint.state}."


def _shown(at):
    return formats.date_format(timezone.localtime(at), "j M Y, H:i:s")
