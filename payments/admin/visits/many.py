"""Completed, No-show and Cancelled for a whole list."""

from dataclasses import replace

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from unfold.decorators import action

from bookings.admin.clothes import dressed
from bookings.desk.pressing import Said
from payments.desk import many
from payments.models import ActionKind


class Many:
    """For the admin class: the actions of ticked visits."""

    @action(description="Completed", permissions=["close_visits"])
    def complete_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.COMPLETE)

    @action(description="No-show", permissions=["close_visits"])
    def no_show_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.NO_SHOW)

    @action(description="Cancelled", permissions=["close_visits"])
    def cancel_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.CANCEL)

    def close_many(self, request, queryset, kind):
        chosen = many.chosen_of(queryset)
        if isinstance(chosen, Said):
            return self.say(request, chosen)
        pressed = "key" in request.POST
        form = dressed(many.form_of(kind))(request.POST if pressed else None, business=request.tenant)
        if pressed and form.is_valid():
            for said in many.press(kind, chosen, form, self.presser(request), request.POST):
                self.say(request, said)
            return redirect(request.get_full_path())
        question, ready = many.question(kind, chosen, self.presser(request))
        if isinstance(question, Said):
            return self.say(request, question)
        ticked = (("action", f"{kind}_selected"), *((ACTION_CHECKBOX_NAME, str(booking.pk)) for booking in ready))
        return self.ask_question(request, form, replace(question, hidden=(*ticked, *question.hidden)))

    def say(self, request, said):
        self.message_user(request, said.text, said.level)
