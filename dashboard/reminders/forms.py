"""When the salon reminds, as it is typed: each reminder is a number, a unit and, for days, a time of day."""

from datetime import timedelta

from django import forms

from bookings.queries.reminders import Reminding
from bookings.reminders import DEFAULT_QUIET, Kind, Quiet, Rule
from bookings.services.reminders import MOST_RULES
from messaging.models import Channel

TIME = forms.TimeInput({"type": "time"}, format="%H:%M")
HOUR, DAY = 60, 24 * 60
#: What a number counts. Days are counted on the wall, hours and minutes as they pass.
UNITS = (("minutes", "minutes before"), ("hours", "hours before"), ("days", "days before, at a time of day"))
BY_TEXT = "Text messages go to customers who agreed to them, and are paid with credits."
AFTER = (("hours", "hours"), ("days", "days"))
#: Further than any rule, nearer than where numbers end.
MOST = 100_000


class RuleForm(forms.Form):
    """One reminder; without a number there is none."""

    use_required_attribute = False

    number = forms.IntegerField(
        label="How long before",
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(label="Counted in", choices=UNITS, required=False)
    at = forms.TimeField(label="At", required=False, widget=TIME, help_text="For days. Empty: the hour of the visit.")
    channel = forms.ChoiceField(label="By", choices=Channel.choices, required=False, help_text=BY_TEXT)
    is_active = forms.BooleanField(label="In use", required=False)

    def __init__(self, data=None, *, rule=None, is_active=True, by_text=False, **kwargs):
        super().__init__(data, initial=typed(rule) | {"is_active": is_active}, **kwargs)
        self.is_there = rule is not None
        if not by_text and not (rule and rule.channel == Channel.SMS):
            del self.fields["channel"]

    def clean(self):
        values = super().clean()
        if values.get("number") and values.get("at") and values.get("unit") != "days":
            self.add_error("at", "A time of day is for days. Leave it empty, or count in days.")
        return values

    @property
    def rule(self):
        """The Rule that was typed, None for none."""
        values = self.cleaned_data
        if not values.get("number"):
            return None
        channel = values.get("channel") or Channel.EMAIL.value
        if values["unit"] == "days":
            return Rule.day_before(values["number"], values["at"], channel=channel)
        return Rule.before(minutes=values["number"] * (HOUR if values["unit"] == "hours" else 1), channel=channel)


def typed(rule):
    """How a rule stands in the fields."""
    if rule is None:
        return {"unit": "hours"}
    if rule.kind == Kind.DAY_BEFORE:
        return {"number": rule.days, "unit": "days", "at": rule.at, "channel": rule.channel}
    whole = rule.minutes % HOUR == 0
    number, unit = (rule.minutes // HOUR, "hours") if whole else (rule.minutes, "minutes")
    return {"number": number, "unit": unit, "channel": rule.channel}


class RemindersForm(forms.Form):
    """All of it: the reminders, one more that is empty where there is room, the quiet hours, the follow-up."""

    use_required_attribute = False

    has_quiet = forms.BooleanField(label="Write to nobody in these hours", required=False)
    quiet_from = forms.TimeField(label="From", required=False, widget=TIME)
    quiet_until = forms.TimeField(
        label="Until", required=False, widget=TIME, help_text="On the next day where it is earlier."
    )
    follows_up = forms.BooleanField(label="Ask customers afterwards how it was", required=False)
    after = forms.IntegerField(
        label="How long after the visit",
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    after_unit = forms.ChoiceField(label="Counted in", choices=AFTER, required=False)

    def __init__(self, data=None, *, how, by_text=False):
        quiet, after = how.quiet or DEFAULT_QUIET, how.follow_up_min or DAY
        days = after % DAY == 0
        initial = {
            "has_quiet": how.quiet is not None,
            "quiet_from": quiet.starts,
            "quiet_until": quiet.ends,
            "follows_up": bool(how.follow_up_min),
            "after": after // (DAY if days else HOUR),
            "after_unit": "days" if days else "hours",
        }
        super().__init__(data, initial=initial)
        listed = [*how.listed, (None, True)][:MOST_RULES]
        self.rules = [
            RuleForm(data, rule=rule, is_active=is_active, by_text=by_text, prefix=f"rule{number}")
            for number, (rule, is_active) in enumerate(listed)
        ]

    def is_valid(self):
        return all([super().is_valid(), *(form.is_valid() for form in self.rules)])

    def clean(self):
        values = super().clean()
        if values.get("has_quiet"):
            for name in ("quiet_from", "quiet_until"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "Write a time, like 21:00.")
        if values.get("follows_up") and not values.get("after") and "after" not in self.errors:
            self.add_error("after", "Write a number, like 1.")
        return values

    @property
    def asked(self):
        """What `change_reminders` is asked for."""
        values = self.cleaned_data
        after = timedelta(**{values["after_unit"] or "days": values["after"]}) if values["follows_up"] else timedelta()
        return {
            "rules": [(form.rule, form.cleaned_data["is_active"]) for form in self._written()],
            "quiet": Quiet(values["quiet_from"], values["quiet_until"]) if values["has_quiet"] else None,
            "follow_up_min": int(after / timedelta(minutes=1)),
        }

    @property
    def how(self):
        """The same as the Reminding it would be."""
        asked = self.asked
        return Reminding(tuple(asked["rules"]), asked["quiet"], asked["follow_up_min"])

    def refuse(self, sentences):
        """Each refusal of the service at the field it is about."""
        written = self._written()
        for name, sentence in sentences.items():
            if name.startswith("rule_"):
                written[int(name.removeprefix("rule_"))].add_error("number", sentence)
            else:
                self.add_error({"follow_up": "after"}.get(name, name if name in self.fields else None), sentence)

    def _written(self):
        return [form for form in self.rules if form.rule]
