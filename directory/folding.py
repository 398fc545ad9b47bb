"""Words as they are compared: without capitals and without the marks above letters, so that Zurich finds Zürich.

The same rule twice: in Python for what is asked, in the database for what is looked through.
"""

import re
import unicodedata
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, TextField, Value
from django.utils.text import slugify

MARKS = re.compile(r"[\u0300-\u036f]")
#: Words of a question that count; the rest is noise.
MOST_WORDS = 8


def fold(text):
    """Small letters without marks; hyphens are spaces."""
    return MARKS.sub("", unicodedata.normalize("NFKD", text.lower())).replace("-", " ")


def words(text):
    return fold(text.replace(",", " ")).split()[:MOST_WORDS]


@lru_cache(maxsize=8192)
def place_slug(text):
    """A place's name as part of an address: `New York` is `new-york`. Empty where nothing of it can be said so."""
    return slugify(fold(text), allow_unicode=True)


class Folded(Func):
    """`fold`, of columns one behind the other. The marks stand there as escapes, which PostgreSQL reads itself."""

    arg_joiner = ", "
    template = (
        r"replace(regexp_replace(normalize(lower(concat_ws(' ', %(expressions)s)), NFKD), '[\u0300-\u036f]', '', 'g'),"
        r" '-', ' ')"
    )
    output_field = TextField()


class SaysAll(Func):
    """Whether a folded text has every word; `begins` asks for words that begin so, not for letters anywhere.

    One condition for all of them: folding is what costs, and the database would fold anew for each.
    """

    template = "%(expressions)s)"
    arg_joiner = " LIKE ALL ("
    output_field = BooleanField()

    def __init__(self, *columns, words, begins=False):
        patterns = [f"%{' ' if begins else ''}{_literal(word)}%" for word in words]
        folded = Folded(Value(""), *columns)  # so that the first word, too, has a space before it
        super().__init__(folded, Value(patterns, output_field=ArrayField(TextField())))


def _literal(word):
    return re.sub(r"([\\%_])", r"\\\1", word)
