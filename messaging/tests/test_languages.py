"""Which words a customer reads: the salon's in their language, the salon's in its own, the product's."""

import re
from datetime import UTC, datetime

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from messaging import samples, services
from messaging.models import Channel, NotificationTemplate
from tenants import languages

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
TEXT = {"channel": "email", "trigger": "reminder", "subject": "Own", "body": "{{booking_date}}, {{price}}"}


def save(language=None, **fields):
    said = {"language": language} if language else {}
    return services.save_template(fields=TEXT | said | fields, by=SYSTEM, now=NOW)


def own(salon, *wanted, **how):
    return services.own_words(
        trigger="reminder", values=lambda: samples.sample_values(business=salon, now=NOW), wanted=wanted, **how
    )


@pytest.mark.parametrize(
    ("written", "wanted", "language", "is_own"),
    [
        (["en", "de"], ("de", "en"), "de", True),
        (["en"], ("de", "en"), "en", True),
        (["fr"], ("de", "en"), "de", False),
        ([], ("it", "es"), "es", False),
        (["it"], ("it", "en"), "it", True),
    ],
    ids=[
        "in theirs",
        "in the salon's",
        "the product's",
        "the product's in the salon's",
        "in one only the salon writes",
    ],
)
def test_words_are_looked_for_in_the_readers_language_then_the_salons(salon, written, wanted, language, is_own):
    for each in written:
        save(each)

    words = own(salon, *wanted)

    assert (words.language, words.is_own) == (language, is_own)


def test_the_products_english_mail_leaves_as_it_is(salon):
    assert own(salon, "en") is None
    assert own(salon, "it") is None
    assert own(salon, "en", channel=Channel.SMS).text.startswith(f"{salon.name}: see you on ")


def test_values_are_written_as_the_words_are(salon):
    save("fr")

    assert own(salon, "fr").text == "lundi 8 mars 2027, 65,00\xa0$US"
    assert languages.spoken() == "en"


def test_where_nothing_is_said_the_salon_speaks_its_own_language(salon):
    salon.language = "de"
    salon.save(update_fields=["language"])

    template = save()
    words = services.own_words(trigger="reminder", values=lambda: samples.sample_values(business=salon, now=NOW))

    assert (template.language, template.name) == ("de", "Reminder (e-mail, Deutsch)")
    assert words.text == "Montag, 8. März 2027, 65,00\xa0$"


def test_reset_brings_back_the_words_of_its_language(salon):
    template = services.reset_template(template=save("es"), by=SYSTEM, now=NOW)

    assert template.subject == "Te esperamos: {{booking_date}}, {{booking_time}}"


def test_one_text_is_in_use_for_each_language(salon):
    save("de")
    save("fr")

    with pytest.raises(services.TemplateExists):
        save("de")
    with pytest.raises(IntegrityError, match="one_active_template"), transaction.atomic():
        NotificationTemplate.objects.create(**TEXT, language="de")


def test_a_language_there_is_not_is_refused(salon):
    with pytest.raises(services.TemplateRefused) as refusal:
        save("tlh")

    assert refusal.value.errors == {"language": ["Choose one of: en, de, fr, es, it, nl, pl, pt."]}
    with pytest.raises(IntegrityError, match="template_language"), transaction.atomic():
        NotificationTemplate.objects.create(**TEXT, language="xx")


def test_another_salons_words_stay_there(salon, other_salon):
    save("de", subject="Only here")

    with tenant_context(other_salon):
        assert own(other_salon, "de").is_own is False


# The fixed sentences ---------------------------------------------------------------------------

TRANSLATED = re.compile(r"""{% translate "([^"]+)" %}|gettext(?:_noop)?\("([^"]+)"\)""")
BLOCK = re.compile(r"{% blocktranslate\b[^%]*%}(.*?)(?:{% plural %}.*?)?{% endblocktranslate %}", re.DOTALL)
APPS = ("bookings", "giftcards", "memberships", "messaging", "payments", "waitlist")
SOURCES = ("templates/**/mail/*.html", "templates/**/mail/*.txt", *(f"{app}/**/*.py" for app in APPS))


def said_in(text):
    """The sentences a source has translated: whole ones, and those with something to be filled in."""
    yield from (one or other for one, other in TRANSLATED.findall(text))
    for block in BLOCK.findall(text):
        yield re.sub(r"{{ (\w+) }}", r"%(\1)s", " ".join(block.replace("%", "%%").split()))


def catalogue(language):
    folder = settings.BASE_DIR / "locale" / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as po, (folder / "django.mo").open("rb") as mo:
        return [plain(read_po(po, language)), plain(read_mo(mo))]


def plain(sentences):
    """Sentence → what stands for it; of one with a plural, its singular → all forms."""
    return {
        each.id if isinstance(each.id, str) else each.id[0]: each.string
        if isinstance(each.string, str)
        else tuple(each.string)
        for each in sentences
        if each.id
    }


@pytest.mark.parametrize("language", languages.WRITTEN[1:])
def test_every_fixed_sentence_is_translated_and_compiled(language):
    written, compiled = catalogue(language)
    texts = (path.read_text() for pattern in SOURCES for path in settings.BASE_DIR.glob(pattern))
    used = {sentence for text in texts for sentence in said_in(text)}

    assert used - written.keys() == set()
    assert written.keys() - used == set()
    assert all(all(each) if isinstance(each, tuple) else each for each in written.values())
    assert compiled == written
