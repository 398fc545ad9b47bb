"""Form fields that read what people write: money, wall times, phases, lists."""

import html
import json
import re
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils.html import conditional_escape, strip_tags
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminImageFieldWidget, UnfoldAdminTextInputWidget

from bookings import fields, words
from bookings.models.hours import DAY, clock
from bookings.settings_rules import length
from tenants import media_services
from tenants.money import Money


class MoneyField(fields.MoneyField):
    def __init__(self, *, currency, **kwargs):
        kwargs.setdefault("widget", UnfoldAdminDecimalFieldWidget(attrs={"prefix": currency}))
        super().__init__(currency=currency, **kwargs)


class Written:
    """A field read from text, in the admin's clothes."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget())
        super().__init__(**kwargs)


class WrittenField(Written, fields.WrittenField):
    pass


class WallTimeField(Written, fields.WallTimeField):
    pass


class ShiftsField(WrittenField):
    """`09:00–13:00, 14:00–18:00` as [[540, 780], [840, 1080]]; nothing is a day off."""

    time = WallTimeField()

    def nothing(self):
        return []

    def parse(self, text):
        return [self._shift(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]

    def _shift(self, text):
        ends = re.split(r"\s*[-–]\s*", text)
        if len(ends) != 2:
            raise ValidationError("Write shifts like 09:00–13:00, 14:00–18:00.")
        return [self.time.parse(end) for end in ends]

    def write(self, value):
        return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in value)


class PhasesField(WrittenField):
    """`30 active, 45 processing, 15 active`: the person is free for somebody else while the colour works."""

    pattern = re.compile(r"\A(\d{1,4})\s*(?:min\s+)?(active|processing)\Z", re.I)

    def nothing(self):
        return []

    def parse(self, text):
        return [self._phase(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]

    def _phase(self, text):
        found = self.pattern.match(text)
        if not found:
            raise ValidationError("Write phases like 30 active, 45 processing, 15 active.")
        return {"kind": found[2].lower(), "minutes": int(found[1])}

    def write(self, value):
        return ", ".join(f"{phase['minutes']} {phase['kind']}" for phase in value)


class LengthField(WrittenField):
    """`2 h`, `1 day` or `90` as minutes."""

    pattern = re.compile(
        r"\A(?:(\d{1,3})\s*d(?:ays?)?)?\s*(?:(\d{1,4})\s*h(?:ours?)?)?\s*(?:(\d{1,6})\s*(?:m(?:in)?)?)?\Z", re.I
    )

    def __init__(self, *, max_min=None, **kwargs):
        self.max_min = max_min
        super().__init__(**kwargs)

    def parse(self, text):
        found = self.pattern.match(text)
        if not found:
            raise ValidationError("Write a length like 45 min, 2 h or 1 day.")
        days, hours, minutes = (int(part or 0) for part in found.groups())
        total = days * DAY + hours * 60 + minutes
        if self.max_min is not None and total > self.max_min:
            raise ValidationError(f"Write at most {length(self.max_min)}.")
        return total

    def write(self, value):
        return length(value)


class WordsField(WrittenField):
    """`balayage, curly hair` as a list."""

    def nothing(self):
        return []

    def parse(self, text):
        return [" ".join(word.split())[:60] for word in text.split(",") if word.strip()]

    def write(self, value):
        return ", ".join(value)


class PictureField(forms.FileField):
    """An uploaded picture, drawn anew as WebP; anything else is refused with a sentence."""

    size = (1200, 1200)
    widget = UnfoldAdminImageFieldWidget

    def to_python(self, data):
        upload = super().to_python(data)
        if upload is None:
            return None
        if upload.size > media_services.MAX_BYTES:
            raise ValidationError(media_services.ImageRefused.message)
        try:
            drawn = media_services.redraw(upload.read(), self.size)
        except media_services.ImageRefused as exc:
            raise ValidationError(str(exc)) from exc
        return ContentFile(drawn, name="picture.webp")


class ReadsWhatPeopleWrite:
    """For an admin or an inline: money columns and the fields in `written` get their form field."""

    #: model field → form field
    written = {}
    #: model field → what it is called on the page, where its own name is a programmer's
    labels = {}

    @property
    def readonly_preprocess_fields(self):
        """Unfold's hook: what those who may only look see, in the words others write."""
        shown = {name: partial(_in_words, made().write) for name, made in self.written.items()}
        cents = [field.name for field in self.model._meta.fields if field.name.endswith("_cents")]
        return shown | {name: partial(_in_words, _money) for name in cents}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.labels:
            kwargs.setdefault("label", self.labels[db_field.name])
        options = {
            "label": kwargs.get("label") or label_of(db_field),
            "required": not (db_field.blank or db_field.null),
        }
        if db_field.name.endswith("_cents"):
            return MoneyField(currency=request.tenant.currency_code, max_cents=100_000_000, **options)
        if isinstance(db_field, models.ImageField):
            return PictureField(**options)
        if made := self.written.get(db_field.name):
            help_text = getattr(self, "help_texts", {}).get(db_field.name, "")
            return made(help_text=help_text, **options)
        if db_field.name.endswith("_min"):
            kwargs.setdefault("label", f"{label_of(db_field)} (minutes)")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _in_words(write, contents):
    """A value as the page prints it (JSON in colours, once for light and once for dark), written anew; "-" stays."""
    printed = re.search(r"<pre.*?</pre>", contents, re.S)
    try:
        value = json.loads(html.unescape(strip_tags(printed[0] if printed else contents)))
    except ValueError:
        return contents
    return conditional_escape(write(value) or "–")


def _money(cents):
    return str(Money(cents, connection.tenant.currency_code))


def label_of(db_field):
    """The column's name as people say it: units are in the field."""
    name = str(db_field.verbose_name)
    for unit in (" cents", " min"):
        name = name.removesuffix(unit)
    return name[:1].upper() + name[1:]


def dated(day):
    """`Fri 25 Dec 2026`, for lists."""
    return f"{words.short_date(day)} {day.year}"
