"""Step 8: the occasions customers are written to, and the words for one of them."""

from django import forms
from django.http import Http404

from messaging import queries
from messaging.forms import TemplateForm
from messaging.models import Channel
from messaging.placeholders import MissingValue, fill_subject, warnings_of
from messaging.samples import sample_values
from messaging.services import TemplateRefused
from onboarding import services
from onboarding.views.frame import step


@step("notifications")
def notifications(request, at):
    """`?text=reminder.email` is the page of one text; without it, all of them."""
    named = request.GET.get("text")
    if named:
        return _text(request, at, _occasion(named))
    form = forms.Form(request.POST or None)
    if request.method == "POST" and at.saved(form, services.save_notifications):
        return at.onward()
    return at.page("notifications", form=form, rows=_rows(at))


def _rows(at):
    """A row for each occasion: the subject of its e-mail as it would be read, and its text by each channel."""
    values, rows = sample_values(business=at.business, now=at.now, language=at.business.language), {}
    for each in queries.occasions():
        row = rows.setdefault(each.trigger.value, {"trigger": each.trigger, "texts": []})
        url = f"{at.address(at.step)}&text={each.trigger.value}.{each.channel}"
        row["texts"].append({"occasion": each, "url": url})
        if each.channel == Channel.EMAIL:
            row["subject"] = _subject(each, values)
    return list(rows.values())


def _subject(occasion, values):
    subject = (occasion.template if occasion.is_own else occasion.standard).subject
    try:
        return fill_subject(subject, values)
    except MissingValue:  # kept from before a rule we have now
        return subject


def _occasion(named):
    trigger, _, channel = named.partition(".")
    try:
        return queries.occasion(trigger=trigger, channel=channel)
    except KeyError:
        raise Http404 from None


def _text(request, at, occasion):
    """One text: saved, shown with sample data (`look`), or taken back (`reset`)."""
    where = {"trigger": occasion.trigger.value, "channel": occasion.channel}
    form = TemplateForm(request.POST or None, **where, start=occasion.fields)
    if "reset" in request.POST and at.saved(form, services.take_back_text, **where):
        return at.onward(stay=True)
    if "save" in request.POST and form.is_valid() and at.saved(form, services.save_notifications, texts=[form.asked()]):
        return at.onward(stay=True)
    return at.page(
        "notification",
        form=form,
        occasion=occasion,
        is_email=occasion.channel == Channel.EMAIL,
        words=_words(form, at),
        warnings=warnings_of(**where | {"body": form["body"].value() or ""}),
        list_url=at.address(at.step),
    )


def _words(form, at):
    """The words as a made-up customer would read them; None where they cannot be sent."""
    try:
        return form.words(sample_values(business=at.business, now=at.now, language=form.language))
    except TemplateRefused:  # kept from before a rule we have now
        return None
