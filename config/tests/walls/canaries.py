"""Words that stand in one salon's rows and nowhere else, and how an answer is searched for them."""

import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.db import models
from django.utils.functional import cached_property

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
#: Short columns have no room for a word: a letter no page uses stands there.
SHORTEST_WORD = 8


@dataclass
class Canary:
    """The marks of one salon's rows: a `word` (eight letters), a `letter`, the middle of a `phone`, a `color`.

    `picture` is the path of a file, `ids` are the keys of all its rows, `secrets` texts that lead to them.
    """

    word: str
    letter: str
    phone: str
    color: str
    picture: str = ""
    ids: set = field(default_factory=set)
    secrets: set = field(default_factory=set)

    def value_for(self, column, number):
        """A marked value for a column of text: another one for every number."""
        length = column.max_length or 60
        if isinstance(column, models.FileField):
            return self.picture
        if isinstance(column, models.EmailField):
            return f"{self.word}{number}@{self.word}.example".lower()
        if isinstance(column, models.URLField):
            return f"https://{self.word}.example/{number}".lower()
        if "phone" in type(column).__name__.lower():
            return f"{self.phone}{number % 100:02}"
        if length == 7 and "color" in column.name:
            return self.color
        if length < SHORTEST_WORD:
            return self.letter * length
        return f"{self.word}{number or ''}"[:length] if length < 20 else f"{self.word} {number}"

    @cached_property
    def _pattern(self):
        country, digits = self.phone[:3], self.phone[3:]
        spoken = r"[\s.()-]{0,2}".join(digits)
        letter = self.letter.encode("unicode-escape").decode()
        forms = {self.letter, letter, letter.upper(), f"&#{ord(self.letter)};", f"&#x{ord(self.letter):x};"}
        assert country.startswith("+")
        return re.compile("|".join([self.word, self.color, spoken, *map(re.escape, forms)]), re.IGNORECASE)

    def found_in(self, text):
        """What of this salon stands in a text."""
        words = set(self._pattern.findall(text))
        ids = {found.replace("-", "") for found in UUID.findall(text.lower())} & self.ids
        return words | ids | {secret for secret in self.secrets if secret in text}


def text_of(response):
    """Everything an answer says: status line, headers, cookies and the body, whatever it is packed in."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    said = "\n".join([str(response.reason_phrase), headers, response.cookies.output(), *unpacked(body)])
    return f"{said}\n{unquote(said)}"


def unpacked(body):
    """The texts inside of a body: of an archive its members and their names, of a PDF its streams."""
    if body.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(body))
    elif body.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        for name in archive.namelist():
            yield name
            yield from unpacked(archive.read(name))
    elif body.startswith(b"%PDF"):
        yield body.decode("latin-1")
        for stream in STREAM.findall(body):
            try:
                yield zlib.decompress(stream).decode("latin-1")
            except zlib.error:
                yield stream.decode("latin-1")
    else:
        yield body.decode("utf-8", "replace")
