"""What a visitor of the directory looks for, and the one address that says so. Pure but for URL names."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Wanted:
    """`name` and `place` as they were typed, `country` as two letters, `category` a key, `city` a slug."""

    name: str = ""
    place: str = ""
    country: str = ""
    category: str = ""
    city: str = ""

    @property
    def is_plain(self):
        """Whether a page of its own says it: a kind, or a kind in a city."""
        return not (self.name or self.place or self.country or (self.city and not self.category))

    @property
    def is_everything(self):
        return self == Wanted()

    def but(self, **changes):
        return replace(self, **changes)

    def url(self, page=1):
        """Kind and city stand in the path where they can, everything else behind it."""
        if self.category and self.city:
            path, rest = reverse("directory-city", args=[self.category, self.city]), {}
        elif self.category:
            path, rest = reverse("directory-category", args=[self.category]), {}
        else:
            path, rest = reverse("directory"), {"city": self.city}
        asked = {"q": self.name, "place": self.place, "country": self.country, **rest, "page": page if page > 1 else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path
