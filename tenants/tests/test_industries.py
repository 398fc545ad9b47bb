import pytest

from tenants import industries


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Hair salon", "hair-salon"),
        ("HAIRDRESSER  & colour", "hair-salon"),
        ("Barber & spa", "barbershop"),
        ("Men’s grooming", "barbershop"),
        ("Nail spa", "nail-salon"),
        ("Day spa", "spa"),
        ("Thai massage and spa", "massage"),
        ("Lash & brow bar", "brows-lashes"),
        ("Beauty", "beauty-studio"),
        ("Hair removal", "beauty-studio"),
        ("Hair salon and barbershop", "hair-salon"),
        ("Tattoo studio", "tattoo-piercing"),
        ("Makeup artist", "make-up"),
        ("Wellness centre", "wellness"),
        ("Dog spa", "pet-grooming"),
        ("Yoga", "fitness-yoga"),
        ("Space planning", "other"),
        ("Catering", "other"),
        ("Tango lessons", "other"),
        ("Petit salon", "other"),
        ("", "other"),
    ],
)
def test_a_text_means_the_kind_it_names_first(text, key):
    assert industries.key_of(text) == key


@pytest.mark.parametrize("industry", industries.ALL, ids=lambda industry: industry.key)
def test_a_kinds_own_names_mean_itself(industry):
    names = (industry.key, industry.label, industry.plural, industry.label.upper())

    assert [industries.key_of(name) for name in names] == [industry.key] * 4


def test_keys_fit_an_address_and_labels_fit_the_column():
    from tenants.models import Business

    assert all(key.replace("-", "").isalpha() and key.islower() for key in industries.BY_KEY)
    assert max(len(label) for _, label in industries.CHOICES) <= Business._meta.get_field("category").max_length
