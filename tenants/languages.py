"""The languages a salon can write to its customers in, the one that is spoken at this moment, and how it writes dates.

English keeps the house's own forms; every other language has those of its speakers, from Babel.
"""

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

#: Code → name, as its speakers write it. Words of a salon's own may be in any of them.
NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
}
CHOICES = list(NAMES.items())
DEFAULT = "en"
#: Those the product has words of its own in.
WRITTEN = ("en", "de", "fr", "es")
#: Longer headers are nobody's wish.
MAX_HEADER = 500


def written(wanted):
    """The first of a reader's languages, as `Business.languages_for` gives them, that the product has words in."""
    return next((each for each in wanted if each in WRITTEN), DEFAULT)


def speaking(language):
    """A context in which dates, money and fixed sentences are written in this language; the default where it is none."""
    return translation.override(language if language in NAMES else DEFAULT)


def spoken():
    """The language of that context."""
    language = (translation.get_language() or DEFAULT).partition("-")[0]
    return language if language in NAMES else DEFAULT


def locale(*, wide=DEFAULT):
    """The same for Babel; `wide` is what English is written like."""
    language = spoken()
    return wide if language == DEFAULT else language


def full_date(day):
    """`Tuesday 4 November 2026`, `mardi 4 novembre 2026`"""
    return _date(day, "EEEE d MMMM y", "full")


def long_date(day):
    """`Tuesday 4 November`"""
    return _date(day, "EEEE d MMMM", "MMMMEEEEd")


def short_date(day):
    """`Tue 4 Nov`, `Di., 4. Nov.`"""
    return _date(day, "EEE d MMM", "MMMEd")


def clock(instant):
    """`10:30`, on the wall the instant carries."""
    form = "HH:mm" if spoken() == DEFAULT else "short"
    return format_time(instant, form, tzinfo=instant.tzinfo, locale=locale())


def plain_date(day):
    """`4 November 2026`, `4. November 2026`"""
    return _date(day, "d MMMM y", "long")


def listed(names):
    """`Ann`, `Ann and Bea`, `Ann, Bea and Cleo`"""
    return format_list(list(names), locale=locale(wide="en_GB"))


def _date(day, house, form):
    """`form` is one of Babel's, or the skeleton of one."""
    if spoken() == DEFAULT:
        return format_date(day, house, locale=DEFAULT)
    return format_date(day, Locale.parse(locale()).datetime_skeletons.get(form, form), locale=locale())


def best_of(header, offered):
    """The first of `offered` that a browser's `Accept-Language` asks for; empty where it asks for none of them."""
    for wish, weight in parse_accept_lang_header((header or "")[:MAX_HEADER].lower()):
        language = wish.partition("-")[0]
        if weight and language in offered:
            return language
    return ""


def order(*wishes):
    """Languages in the order they are tried, each once, unknown ones left out."""
    return tuple(dict.fromkeys(language for language in wishes if language in NAMES))
