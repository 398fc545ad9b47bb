"""The kinds of business one finds here, and which of them a salon's own words mean. Pure.

A salon says what it is in free text (`Business.category`); whoever sorts salons asks `key_of`.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Industry:
    """One kind: `key` for addresses and programs, `label` for one, `plural` for many, schema.org's type for search."""

    key: str
    label: str
    plural: str
    schema_type: str
    #: What a text says when it means this kind: how words begin, or patterns where that would catch too much.
    words: tuple


OTHER = "other"
# fmt: off
ALL = (
    Industry("hair-salon", "Hair salon", "Hair salons", "HairSalon",
             ("hair", "stylist", "blow ?dry", "blow ?out", "coiff", "friseur", "frisör", "parrucch", "peluquer")),
    Industry("barbershop", "Barbershop", "Barbershops", "HairSalon", ("barber", "men.?s grooming", "shav")),
    Industry("nail-salon", "Nail salon", "Nail salons", "NailSalon", (r"nails?\b", "manicur", "pedicur")),
    Industry("spa", "Spa", "Spas", "DaySpa", (r"spas?\b", r"day ?spas?\b", "hammam")),
    Industry("massage", "Massage", "Massage practices", "HealthAndBeautyBusiness", ("massage", "shiatsu", "bodywork")),
    Industry("brows-lashes", "Brows and lashes", "Brow and lash studios", "BeautySalon",
             (r"brows?\b", "eyebrow", r"lash(?:es)?\b", "eyelash", "microblading", "threading")),
    Industry("beauty-studio", "Beauty studio", "Beauty studios", "BeautySalon",
             ("beaut", "cosmet", "kosmet", "esthet", "aesthet", "skin", "facial", "wax", "tan(?:s|ning)?\\b",
              "hair removal", "sugaring")),
    Industry("tattoo-piercing", "Tattoo and piercing", "Tattoo and piercing studios", "TattooParlor",
             ("tattoo", "pierc", r"ink\b")),
    Industry("make-up", "Make-up", "Make-up artists", "BeautySalon", (r"make.?up\b", "bridal")),
    Industry("wellness", "Wellness", "Wellness places", "HealthAndBeautyBusiness",
             ("wellness", "sauna", "acupunct", "reiki", "ayurved", "holistic", "float")),
    Industry("pet-grooming", "Pet grooming", "Pet groomers", "LocalBusiness",
             (r"pets?\b", r"dogs?\b", r"cats?\b", r"pup(?:s|py|pies)?\b")),
    Industry("fitness-yoga", "Fitness and yoga", "Fitness and yoga studios", "HealthClub",
             ("fitness", "yoga", "pilates", r"gyms?\b", "personal train", "crossfit")),
    Industry(OTHER, "Something else", "Other businesses", "HealthAndBeautyBusiness", ()),
)
# fmt: on
BY_KEY = {industry.key: industry for industry in ALL}
#: For a form's choices.
CHOICES = tuple((industry.key, industry.label) for industry in ALL)
_EXACT = {text.casefold(): industry.key for industry in ALL for text in (industry.key, industry.label, industry.plural)}
_PATTERNS = tuple((industry.key, re.compile(rf"\b(?:{word})")) for industry in ALL for word in industry.words)


def key_of(text):
    """The key of the kind that `text` means: a key or label as it is, else the kind it names first; `other` if none.

    “Barber & spa” is a barbershop: what somebody says first is what they are. Of two words at the same place the
    longer one counts, so that hair removal is not a hair salon.
    """
    text = " ".join(text.casefold().split())
    if text in _EXACT:
        return _EXACT[text]
    found = [(match.start(), -len(match[0]), key) for key, pattern in _PATTERNS if (match := pattern.search(text))]
    return min(found)[2] if found else OTHER


def label_of(text):
    """The label of the kind that `text` means."""
    return BY_KEY[key_of(text)].label
