"""Words with `{{placeholders}}`: checked when they are saved, filled when they are sent. Pure.

There is no language in them: a name in double braces is exchanged for its value, and nothing else happens. Values are
inert text, so that what somebody typed as their name is never read as a placeholder, as HTML or as a header.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.html import escape
from django.utils.safestring import mark_safe

from messaging.triggers import LINKS, OPTIONAL, PLACEHOLDERS, TEXTED, TRIGGERS
from tenants.errors import DomainError

MAX_SUBJECT, MAX_BODY = 200, 10_000
#: What an outgoing subject may be long once it is filled in.
MAX_FILLED_SUBJECT = 250
#: Three text messages' worth.
LONG_SMS = 480

PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")
#: Where something begins that is no plain text.
MARK = re.compile(r"[{}]|\$\{|<%|%>")
#: How other languages begin: none of them is spoken here.
FOREIGN = ("{%", "{#", "${", "<%", "%>")
URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]")
PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
MAX_SHOWN = 40
#: They turn the direction of what follows around: a text would be read as another one than it is.
TURNING = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text, counted from 1."""

    line: int
    column: int
    word: str


class BadText(DomainError):
    """Words that cannot be sent; `place` is where, None for all of them."""

    code = "bad_text"
    status = 400

    def __init__(self, sentence, place=None):
        self.place = place
        super().__init__(f"Line {place.line}, column {place.column}: {sentence}" if place else sentence)


class MissingValue(LookupError):
    """A placeholder nobody gave a value for."""


def normal(text):
    """The text as it is kept: line ends as `\\n`, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_subject(text, trigger):
    """Raises BadText unless the text can be the subject of a message about `trigger`."""
    _check_length(text, MAX_SUBJECT, "A subject")
    for at, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            raise BadText("A subject is one line.", _place(text, at, ""))
    check(text, trigger)


def check(text, trigger):
    """Raises BadText, naming the place, unless every brace belongs to a placeholder that `trigger` has."""
    _check_length(text, MAX_BODY, "A text")
    _check_characters(text)
    at = 0
    while mark := MARK.search(text, at):
        at = _placeholder_end(text, mark.start(), TRIGGERS[trigger])


def names_in(text):
    """The placeholders of a text, in order."""
    return PLACEHOLDER.findall(text)


def warnings_of(*, channel, body, trigger):
    """What may be saved and had better be known."""
    if channel == "sms" and trigger not in TEXTED:
        return [f"About “{TRIGGERS[trigger].label}” nothing leaves as a text message, only by e-mail."]
    if channel == "sms" and len(body) > LONG_SMS:
        return [f"{len(body)} characters leave as several text messages; up to {LONG_SMS} are usual."]
    return []


def fill(text, values):
    """The text with each placeholder exchanged once for its value. Raises MissingValue.

    A paragraph about a link that is not there is left out, unless it is all there is.
    """
    return PLACEHOLDER.sub(lambda match: _value(match[1], values), _without_dead_ends(text, values))


def inert(value):
    """A value as it stands in a text: one line, without characters that would turn around what follows."""
    return "".join(_inert(character) for character in value)


def fill_subject(text, values):
    """The same as one line that fits into a header."""
    line = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in fill(text, values))
    return " ".join(line.split())[:MAX_FILLED_SUBJECT]


def fill_html(text, values):
    """The same as paragraphs of HTML: everything escaped, links to click where the salon put them.

    An address inside another value stays text: whoever booked does not place links in the salon's mail.
    """
    paragraphs = (
        f"<p>{_html(paragraph, values)}</p>" for paragraph in PARAGRAPH.split(_without_dead_ends(text, values).strip())
    )
    return mark_safe("\n".join(paragraphs))  # noqa: S308 -- every piece was escaped in _html


def _without_dead_ends(text, values):
    """The text without the paragraphs that lead to a link whose value is empty."""
    dead = {name for name in OPTIONAL.intersection(names_in(text)) if values.get(name) == ""}
    if not dead:
        return text
    paragraphs = PARAGRAPH.split(text.strip())
    alive = [paragraph for paragraph in paragraphs if not dead.intersection(names_in(paragraph))]
    return "\n\n".join(alive or paragraphs)


def _check_length(text, most, what):
    if not text.strip():
        raise BadText(f"{what} cannot be empty.")
    if len(text) > most:
        raise BadText(f"{what} has at most {most:,} characters; this one has {len(text):,}.")


def _check_characters(text):
    for at, character in enumerate(text):
        if character in TURNING:
            raise BadText("There is a character here that turns the direction of the text.", _place(text, at, ""))
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise BadText("There is a character here that cannot be written in a message.", _place(text, at, ""))


def _placeholder_end(text, at, trigger):
    """Where the placeholder that starts here ends. Raises BadText where there is none, or not one of the trigger's."""
    match = PLACEHOLDER.match(text, at)
    if match is None:
        raise _no_placeholder(text, at)
    if match[1] not in trigger.placeholders:
        raise BadText(_unknown(match[1], trigger), _place(text, at, match[0]))
    return match.end()


def _no_placeholder(text, at):
    """Why the mark at this place is none, and which word it is about."""
    rest = text[at:].partition("\n")[0]
    if foreign := next((mark for mark in FOREIGN if rest.startswith(mark)), None):
        return BadText(
            f"“{foreign}” belongs to a template language, and there is none here: only placeholders such as "
            "{{business_name}}.",
            _place(text, at, foreign),
        )
    if rest.startswith("{{"):
        inside, closed, _ = rest[2:].partition("}}")
        word = f"{{{{{inside}}}}}" if closed else rest.split(maxsplit=1)[0]
        if closed and "{" not in inside:
            return BadText(f"“{_cut(word)}” is no placeholder: write only its name.", _place(text, at, word))
        return BadText(f"“{_cut(word)}” is not closed: write }}}} behind the name.", _place(text, at, word))
    return BadText(
        f"“{rest[0]}” stands alone: braces are only for placeholders, two before the name and two behind it.",
        _place(text, at, rest[0]),
    )


def _unknown(name, trigger):
    """Why a name is refused, with the one that was probably meant."""
    if name in PLACEHOLDERS:
        return f"“{{{{{name}}}}}” is not known in “{trigger.label}”."
    near = get_close_matches(name.lower()[:MAX_SHOWN], trigger.placeholders, n=1)
    hint = f" Did you mean {{{{{near[0]}}}}}?" if near else ""
    return f"“{{{{{_cut(name)}}}}}” is not a placeholder.{hint}"


def _place(text, at, word):
    before = text[:at]
    return Place(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1, _cut(word))


def _cut(word):
    return word if len(word) <= MAX_SHOWN else f"{word[:MAX_SHOWN]}…"


def _value(name, values):
    try:
        return inert(str(values[name]))
    except KeyError as exc:
        raise MissingValue(name) from exc


def _inert(character):
    if character in TURNING or unicodedata.category(character) == "Cs":
        return ""
    return " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character


def _html(text, values):
    """One paragraph: literal parts and values by turns, as `split` gives them."""
    parts = PLACEHOLDER.split(text)
    return "".join(
        _value_as_html(part, values) if index % 2 else _literal_as_html(part) for index, part in enumerate(parts)
    )


def _value_as_html(name, values):
    value = _value(name, values)
    if name in LINKS and URL.fullmatch(value):
        return _link(value)
    return _lines(value)


def _literal_as_html(text):
    """The salon's own words; a full address in them becomes a link."""
    pieces, at = [], 0
    for match in URL.finditer(text):
        pieces += [_lines(text[at : match.start()]), _link(match[0])]
        at = match.end()
    return "".join([*pieces, _lines(text[at:])])


def _link(url):
    return f'<a href="{escape(url)}">{escape(url)}</a>'


def _lines(text):
    return str(escape(text)).replace("\n", "<br>")
