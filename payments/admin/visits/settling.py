"""What a card did not give: tried again, asked for by a link, taken at the till, or let go."""

from unfold.decorators import action
from unfold.enums import ActionVariant


class Settling:
    """For the admin class: the buttons of a payment that did not come through."""

    @action(description="Try again", permissions=["close_visits"], icon="refresh", variant=ActionVariant.PRIMARY)
    def retry(self, request, object_id):
        return self.press(request, object_id, "retry")

    @action(description="Send a link", permissions=["close_visits"], url_path="send-link", icon="forward_to_inbox")
    def send_link(self, request, object_id):
        return self.press(request, object_id, "send_link")

    @action(description="Paid in cash", permissions=["close_visits"], url_path="paid-in-cash", icon="payments")
    def paid_in_cash(self, request, object_id):
        return self.press(request, object_id, "paid_in_cash")

    @action(description="Let it go", permissions=["waive_fees"], url_path="let-go", icon="money_off")
    def let_go(self, request, object_id):
        return self.press(request, object_id, "let_go")
