"""Check in, Confirm. Cancelling takes money: `payments` has that button."""

from unfold.decorators import action
from unfold.enums import ActionVariant


class Changing:
    """For the admin class: the buttons that change where a visit stands."""

    @action(description="Check in", permissions=["work_diary"], url_path="check-in", icon="how_to_reg")
    def check_in(self, request, object_id):
        return self.press(request, object_id, "check_in")

    @action(description="Confirm", permissions=["work_diary"], icon="check", variant=ActionVariant.PRIMARY)
    def confirm(self, request, object_id):
        return self.press(request, object_id, "confirm")
