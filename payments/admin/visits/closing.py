"""Completed, No-show, Cancelled, and Correct: the visit is over, and its money follows."""

from unfold.decorators import action
from unfold.enums import ActionVariant

from payments.desk import presses


class Closing:
    """For the admin class: the buttons that close a visit."""

    @action(description="Completed", permissions=["close_visits"], icon="task_alt", variant=ActionVariant.PRIMARY)
    def complete(self, request, object_id):
        return self.press(request, object_id, "complete")

    @action(description="No-show", permissions=["close_visits"], url_path="no-show", icon="person_off")
    def no_show(self, request, object_id):
        return self.press(request, object_id, "no_show")

    @action(description="Cancelled", permissions=["close_visits"], icon="event_busy", variant=ActionVariant.DANGER)
    def cancel(self, request, object_id):
        return self.press(request, object_id, "cancel")

    @action(description="Correct", permissions=["refund"], icon="edit_note")
    def correct(self, request, object_id):
        return self.press(request, object_id, "correct", presses.correcting(request.GET.get("to")))
