"""The outbox in the salon's admin: what was said to whom, and what never arrived."""

from django.contrib.admin import SimpleListFilter
from django.http import Http404
from django.shortcuts import redirect
from unfold.decorators import action, display

from audit.admin import SalonModelAdmin
from messaging import queries, services
from messaging.models import Message, MessageStatus
from messaging.wording import called
from tenants import policies
from tenants.admin import Grants, moment, register
from tenants.permissions import Permission

COLORS = {
    MessageStatus.SENT: "success",
    MessageStatus.DEAD: "danger",
    MessageStatus.UNCONFIRMED: "danger",
    MessageStatus.QUEUED: "info",
}


class KindFilter(SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        """The kinds of what the list shows."""
        sees_money = policies.may(request.membership, Permission.VIEW_MONEY)
        return [(kind, called(kind)) for kind in queries.kinds() if sees_money or queries.is_about_visits(kind)]

    def queryset(self, request, messages):
        return messages.filter(kind=self.value()) if self.value() else messages


@register(Message)
class MessageAdmin(SalonModelAdmin):
    """To read. The text holds the link that opens the customer's booking: a viewer does not get it."""

    grants = Grants(view=Permission.VIEW_CUSTOMERS)
    list_display = ("written", "kind_shown", "recipient", "subject", "state", "left")
    written = moment("created_at", "written")
    due = moment("due_at", "due")
    left = moment("sent_at", "sent")
    list_filter = ("status", KindFilter)
    search_fields = ("recipient", "subject")
    actions_detail = ("send_again",)

    def get_queryset(self, request):
        """Without what tells of money, for who sees none."""
        messages = super().get_queryset(request).defer("html", "attachments")
        return messages if policies.may(request.membership, Permission.VIEW_MONEY) else queries.about_visits(messages)

    def get_fields(self, request, obj=None):
        fields = [
            ("kind", "channel"),
            ("recipient", "reply_to"),
            "subject",
            ("status", "reason"),
            ("attempts", "last_error"),
            ("written", "due", "left"),
        ]
        return [*fields, "text"] if policies.may(request.membership, Permission.WORK_DIARY) else fields

    def get_actions_detail(self, request, object_id):
        message = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if message and services.is_resendable(message) else []

    @action(description="Send again", permissions=["work_diary"], url_path="send-again", icon="forward_to_inbox")
    def send_again(self, request, object_id):
        """The page that says what it means, and does it."""
        if self.get_object(request, object_id) is None:
            raise Http404
        return redirect("dashboard:message-again", object_id)

    @display(description="kind", ordering="kind")
    def kind_shown(self, message):
        return called(message.kind)

    @display(description="status", ordering="status", label=COLORS)
    def state(self, message):
        return message.status, message.get_status_display()
