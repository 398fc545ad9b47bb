"""The only writer of the audit trail."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

import structlog
from django.db.models import Q

from audit import signals
from audit.models import AuditEntry

#: Fewer digits than that are part of any number.
FEWEST_DIGITS = 4


def record(*, actor, action, subject, at, before=None, after=None):
    """Write one line of the trail inside the caller's transaction.

    `subject` is a saved model instance; `before` and `after` are small JSON-ready dictionaries of what changed.
    """
    entry = AuditEntry.objects.create(
        at=at,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:200],
        before=before or {},
        after=after or {},
        address=actor.address,
        request_id=structlog.contextvars.get_contextvars().get("request_id", "")[:64],
    )
    signals.recorded.send(sender=AuditEntry, entry=entry, subject=subject)
    return entry


def plain(value):
    """A column's value as JSON: what the trail keeps."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True, slots=True)
class Words:
    """What a person is known by, and what is written in its place. Names are whole words, contacts any part of a text."""

    names: frozenset
    contacts: frozenset
    instead: str

    def taken_out(self, value):
        """The value, of whatever JSON, without them."""
        if isinstance(value, str):
            return self._pattern().sub(self.instead, value) if self.names or self.contacts else value
        if isinstance(value, dict):
            return {name: self.taken_out(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.taken_out(inner) for inner in value]
        return value

    def may_be_meant_by(self, text):
        """Whether somebody who types the text would find them: all of it, or part of what they are known by."""
        known = [each.casefold() for each in self.names | self.contacts]
        digits = re.sub(r"\D", "", text)
        in_a_number = len(digits) >= FEWEST_DIGITS and any(digits in re.sub(r"\D", "", each) for each in known)
        words = text.casefold().split()
        return in_a_number or self.taken_out(text) != text or any(all(word in each for word in words) for each in known)

    def _pattern(self):
        names = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(self.names, key=len, reverse=True)]
        contacts = [re.escape(contact) for contact in sorted(self.contacts, key=len, reverse=True)]
        return re.compile("|".join([*contacts, *names]), re.IGNORECASE)


def forget(*, subjects, words, emptied=()):
    """Take a person out of the lines about these subjects ({"app.model": ids}); who did what when stays.

    Of subjects of the types in `emptied` name and values go altogether. Addresses of lines that no member wrote go too.
    """
    for kind, ids in subjects.items():
        lines = AuditEntry.objects.filter(subject_type=kind, subject_id__in=[str(pk) for pk in ids])
        for line in lines.select_for_update(no_key=True).order_by("pk"):
            _forget_in(line, words, empty=kind in emptied)


def forget_contacts(*, words):
    """Take a person's addresses and numbers, which nobody else has, out of every line."""
    found = Q()
    for contact in words.contacts:
        for column in ("actor_label", "subject_label", "before", "after"):
            found |= Q(**{f"{column}__icontains": contact})
    if found:
        for line in AuditEntry.objects.filter(found).select_for_update(no_key=True).order_by("pk"):
            _forget_in(line, words, empty=False)


def forget_searches(*, actions, words):
    """Take what was looked for out of the lines of these actions, where it may mean the person."""
    lines = AuditEntry.objects.filter(action__in=actions, after__has_key="q")
    for line in lines.select_for_update(no_key=True).order_by("pk"):
        if words.may_be_meant_by(str(line.after["q"])):
            line.after = line.after | {"q": words.instead}
            line.save(update_fields=["after"])


def _forget_in(line, words, *, empty):
    for name in ("actor_label", "subject_label"):
        setattr(line, name, words.taken_out(getattr(line, name))[:200])
    if empty:  # they may have had another name then
        line.subject_label = words.instead
    for name in ("before", "after"):
        values = getattr(line, name)
        setattr(line, name, dict.fromkeys(values, words.instead) if empty else words.taken_out(values))
    if line.actor_id is None:
        line.address = None
    line.save(update_fields=["actor_label", "subject_label", "before", "after", "address"])
