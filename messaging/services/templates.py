"""The salon's own words: written, taken back, looked at, and used."""

from dataclasses import asdict, dataclass

import structlog
from django.db import IntegrityError, transaction

from audit import services as audit
from messaging import defaults, placeholders, queries
from messaging.models import Channel, NotificationTemplate
from messaging.triggers import TRIGGERS
from tenants import languages
from tenants.errors import DomainError

logger = structlog.get_logger("tithi.messaging")

#: What a template can be given; nothing else is changed here.
FIELDS = ("name", "channel", "trigger", "language", "subject", "body", "is_active", "sort")
MAX_NAME = NotificationTemplate._meta.get_field("name").max_length
MAX_SORT = 32_767


class TemplateRefused(DomainError):
    """Words that cannot be sent: `errors` is field → sentences, `places` where in the field, line and column from 1."""

    code = "template_refused"
    status = 400

    def __init__(self, errors, places=None):
        self.errors = errors
        self.places = places or {}
        super().__init__(next(iter(errors.values()))[0], errors=errors, places=self.places)


class TemplateExists(DomainError):
    code = "template_exists"
    status = 409
    message = "There is a text in use for this already. Change that one, or switch it off first."


class TemplateGone(DomainError):
    code = "template_gone"
    status = 404
    message = "This text has been deleted meanwhile."


@dataclass(frozen=True, slots=True)
class Words:
    """A text filled in: `html` is the body as escaped paragraphs; `is_own` says whether the salon wrote it."""

    subject: str
    text: str
    html: str
    language: str = languages.DEFAULT
    is_own: bool = True


# Writing ---------------------------------------------------------------------------------------


@transaction.atomic
def save_template(*, template=None, fields, by, now):
    """Write a text of the salon, a new one or `template` with `fields` changed; returns it.

    An e-mail's subject must not be empty, a text message has none. A new text is in the salon's language where nothing
    else is said. Raises TemplateRefused naming every field and place,
    TemplateExists where another text of this trigger and channel is in use; nothing is written then.
    """
    row = _locked(template) if template else NotificationTemplate()
    before = _values(row) if template else {}
    if template is None:
        fields = {"language": queries.salons_language()} | fields
    changed = {name: value for name, value in checked(before | fields).items() if before.get(name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if template and not changed:
        return row
    _save(row)
    _record(
        row, "changed" if template else "added", {name: before[name] for name in changed if template}, changed, by, now
    )
    return row


@transaction.atomic
def write_templates(*, texts, by, now):
    """Make these the salon's texts in use: each replaces the one of its trigger, channel and language (the salon's where
    nothing is said). All of them, or none.

    Returns them in order. Raises TemplateRefused with errors such as `1.body`; the same list again changes nothing.
    """
    errors, places, seen, language = {}, {}, set(), queries.salons_language()
    texts = [{"language": language} | fields for fields in texts]
    for index, fields in enumerate(texts):
        try:
            kept = checked(fields)
            if _occasion(kept) in seen:
                raise TemplateRefused({"trigger": ["There is a text for this in the list already."]})
            seen.add(_occasion(kept))
        except TemplateRefused as exc:
            errors |= {f"{index}.{name}": sentences for name, sentences in exc.errors.items()}
            places |= {f"{index}.{name}": place for name, place in exc.places.items()}
    if errors:
        raise TemplateRefused(errors, places)
    # In one order for everybody: two who write the same list wait for each other, and neither for ever.
    written = {_occasion(fields): _put(fields, by, now) for fields in sorted(texts, key=_occasion)}
    return [written[_occasion(fields)] for fields in texts]


@transaction.atomic
def reset_template(*, template, by, now):
    """Give a text back the words the product suggests; returns it."""
    text = defaults.default_for(trigger=template.trigger, channel=template.channel, language=template.language)
    return save_template(template=template, fields={"subject": text.subject, "body": text.body}, by=by, now=now)


@transaction.atomic
def switch_text(*, trigger, on, by, now):
    """Have an occasion leave as a text message, in the words kept for it or those the product suggests; or no more, in
    no language. Pressed again it changes nothing.
    """
    if on:
        kept = queries.template_for(trigger=trigger, channel=Channel.SMS)
        language = queries.salons_language()
        new = {"channel": Channel.SMS, "trigger": trigger, "language": language}
        text = defaults.default_for(trigger=trigger, channel=Channel.SMS, language=language)
        fields = {"is_active": True} if kept else new | {"body": text.body, "is_active": True}
        save_template(template=kept, fields=fields, by=by, now=now)
        return
    for template in queries.templates().filter(trigger=trigger, channel=Channel.SMS, is_active=True).order_by("pk"):
        save_template(template=template, fields={"is_active": False}, by=by, now=now)


@transaction.atomic
def delete_template(*, template, by, now):
    """Take a text away: the product's words go out again."""
    row = _locked(template)
    _record(row, "deleted", _values(row), {}, by, now)
    row.delete()


def checked(fields):
    """The fields as they are kept, with what a new text has where they say nothing.

    Raises TemplateRefused naming every field that cannot be.
    """
    fields = _values(NotificationTemplate()) | fields
    if unknown := fields.keys() - set(FIELDS):
        raise ValueError(f"not to be written here: {sorted(unknown)}")
    fields = fields | {"subject": fields["subject"].strip(), "body": placeholders.normal(fields["body"])}
    fields["name"] = fields["name"].strip() or _name_for(fields)
    if errors := _errors(fields):
        raise TemplateRefused(errors)
    if bad := _bad_texts(fields):
        errors = {name: [str(exc)] for name, exc in bad.items()}
        raise TemplateRefused(errors, {name: asdict(exc.place) for name, exc in bad.items() if exc.place})
    return fields


# Looking and using -----------------------------------------------------------------------------


def preview(*, template=None, fields=None, values):
    """The Words of a saved text, or of `fields` that need not be saved. Raises TemplateRefused."""
    fields = checked((_values(template) if template else {}) | (fields or {}))
    return _filled(fields["subject"], fields["body"], values, fields["language"])


def own_words(*, trigger, values, wanted=None, channel=Channel.EMAIL):
    """The Words of a message above its facts; None where the product's own English e-mail is to be sent as it is.

    `wanted` are the reader's languages, as `Business.languages_for` gives them; the salon's own where nothing is said.
    The first they are found in: the salon's words in those languages, in their order; the product's in them; None, or
    the product's in English for a text message. `values` is a function, called with that language spoken, and only
    where there are words. Whatever goes wrong with the salon's is logged, and the product's leave: a message is never
    lost because of its words.
    """
    wanted = list(wanted or [queries.salons_language()])
    template = queries.active_template(trigger=trigger, channel=channel, wanted=wanted)
    if template is not None and (words := _in_use(template, values)):
        return words
    language = languages.written(wanted)
    if language == languages.DEFAULT and channel == Channel.EMAIL:
        return None
    return _standard(trigger, channel, language, values)


def _in_use(template, values):
    """The salon's text filled in, None where nothing comes of it."""
    try:
        with languages.speaking(template.language):
            words = _filled(template.subject, template.body, values(), template.language)
    except Exception:
        logger.exception("template_failed", trigger=template.trigger, template_id=str(template.pk))
        return None
    return words if words.text.strip() and (words.subject or template.channel == Channel.SMS) else None


def _standard(trigger, channel, language, values):
    """The product's text filled in, None where a value is missing."""
    text = defaults.default_for(trigger=trigger, channel=channel, language=language)
    try:
        with languages.speaking(language):
            return _filled(text.subject, text.body, values(), language, is_own=False)
    except Exception:
        logger.exception("standard_words_failed", trigger=trigger, language=language)
        return None


def _filled(subject, body, values, language=languages.DEFAULT, *, is_own=True):
    return Words(
        placeholders.fill_subject(subject, values),
        placeholders.fill(body, values),
        placeholders.fill_html(body, values),
        language,
        is_own,
    )


# Details ---------------------------------------------------------------------------------------


def _occasion(fields):
    return fields["trigger"], fields["channel"], fields["language"]


def _put(fields, by, now):
    """Write a text in place of the one of its occasion, also of one that arrived between looking and writing."""
    try:
        return _replace(fields, by, now)
    except TemplateExists:
        return _replace(fields, by, now)


def _replace(fields, by, now):
    trigger, channel, language = _occasion(fields)
    template = queries.template_for(trigger=trigger, channel=channel, language=language)
    return save_template(template=template, fields=fields, by=by, now=now)


def _locked(template):
    try:
        return NotificationTemplate.objects.select_for_update().get(pk=template.pk)
    except NotificationTemplate.DoesNotExist as exc:
        raise TemplateGone from exc


def _values(row):
    return {name: getattr(row, name) for name in FIELDS}


def _name_for(fields):
    known = (
        fields["trigger"] in TRIGGERS and fields["channel"] in Channel.values and fields["language"] in languages.NAMES
    )
    if not known:
        return ""
    return defaults.name_of(trigger=fields["trigger"], channel=fields["channel"], language=fields["language"])


def _errors(fields):
    """What is wrong beside the words: field → sentences."""
    found = {}
    if fields["trigger"] not in TRIGGERS:
        found["trigger"] = [f"Choose one of: {', '.join(TRIGGERS)}."]
    if fields["channel"] not in Channel.values:
        found["channel"] = [f"Choose one of: {', '.join(Channel.values)}."]
    if fields["language"] not in languages.NAMES:
        found["language"] = [f"Choose one of: {', '.join(languages.NAMES)}."]
    if len(fields["name"]) > MAX_NAME or not fields["name"].isprintable():
        found["name"] = [f"A name has at most {MAX_NAME} characters, on one line."]
    if not 0 <= fields["sort"] <= MAX_SORT:
        found["sort"] = [f"Write a number from 0 to {MAX_SORT}."]
    return found


def _bad_texts(fields):
    """What is wrong with subject and body: field → BadText."""
    found = {}
    for name, check in (("subject", _check_subject), ("body", _check_body)):
        try:
            check(fields)
        except placeholders.BadText as exc:
            found[name] = exc
    return found


def _check_subject(fields):
    if fields["channel"] == Channel.EMAIL:
        placeholders.check_subject(fields["subject"], fields["trigger"])
    elif fields["subject"]:
        raise placeholders.BadText("A text message has no subject.")


def _check_body(fields):
    placeholders.check(fields["body"], fields["trigger"])


def _save(row):
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name != "one_active_template":
            raise
        raise TemplateExists from exc


def _record(row, verb, before, after, by, now):
    audit.record(actor=by, action=f"notification_template.{verb}", subject=row, at=now, before=before, after=after)
