"""Words with placeholders: what is refused and where, and that filling them in does nothing but fill them in."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from messaging import defaults, placeholders
from messaging.placeholders import BadText, MissingValue, Place
from messaging.triggers import CHOICES, LINKS, PLACEHOLDERS, TEXTED, TRIGGERS
from tenants import languages

CONFIRMED = "booking_confirmed"
EVIL = "<script>alert(1)</script>{{manage_link}}\r\nBcc: \u202eall@example.com"
ONE_LINE = "<script>alert(1)</script>{{manage_link}}  Bcc: all@example.com"

REFUSED = {
    "Hello {{nobody}}": ("“{{nobody}}” is not a placeholder.", Place(1, 7, "{{nobody}}")),
    "a\nb {{ custmer_name }}": (
        "“{{custmer_name}}” is not a placeholder. Did you mean {{customer_name}}?",
        Place(2, 3, "{{ custmer_name }}"),
    ),
    "{{pay_link}}": ("“{{pay_link}}” is not known in “Booking confirmed”.", Place(1, 1, "{{pay_link}}")),
    "{{customer_name|upper}}": (
        "“{{customer_name|upper}}” is no placeholder: write only its name.",
        Place(1, 1, "{{customer_name|upper}}"),
    ),
    "{{customer_name.email}}": (
        "“{{customer_name.email}}” is no placeholder: write only its name.",
        Place(1, 1, "{{customer_name.email}}"),
    ),
    "{{ 7*7 }}": ("“{{ 7*7 }}” is no placeholder: write only its name.", Place(1, 1, "{{ 7*7 }}")),
    "{{}}": ("“{{}}” is no placeholder: write only its name.", Place(1, 1, "{{}}")),
    "Hi {{customer_name\n}}": (
        "“{{customer_name” is not closed: write }} behind the name.",
        Place(1, 4, "{{customer_name"),
    ),
    "{{customer_name} and {{price}}": (
        "“{{customer_name} and {{price}}” is not closed: write }} behind the name.",
        Place(1, 1, "{{customer_name} and {{price}}"),
    ),
    "{customer_name}": (
        "“{” stands alone: braces are only for placeholders, two before the name and two behind it.",
        Place(1, 1, "{"),
    ),
    "{{price}}}": (
        "“}” stands alone: braces are only for placeholders, two before the name and two behind it.",
        Place(1, 10, "}"),
    ),
}
FOREIGN = {"x {% if a %}": "{%", "{# note #}": "{#", "a\n${price}": "${", "<% price %>": "<%", "b %> c": "%>"}


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_names_the_place(text):
    with pytest.raises(BadText) as refusal:
        placeholders.check(text, CONFIRMED)

    sentence, place = REFUSED[text]
    assert refusal.value.place == place
    assert str(refusal.value) == f"Line {place.line}, column {place.column}: {sentence}"


@pytest.mark.parametrize("text", FOREIGN)
def test_other_template_languages_are_refused(text):
    with pytest.raises(BadText) as refusal:
        placeholders.check(text, CONFIRMED)

    assert refusal.value.place.word == FOREIGN[text]
    assert "belongs to a template language" in str(refusal.value)


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n", "\u2028", "\x0b", "\x00"])
def test_a_subject_is_one_line(line_end):
    with pytest.raises(BadText, match="A subject is one line"):
        placeholders.check_subject(f"Hi{line_end}Bcc: a@example.com", CONFIRMED)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800"])
def test_what_cannot_be_written_is_refused(character):
    with pytest.raises(BadText, match="Line 2, column 2: There is a character here"):
        placeholders.check(f"a\nb{character}", CONFIRMED)


def test_lengths_end_at_the_limit():
    placeholders.check("a" * 10_000, CONFIRMED)
    placeholders.check_subject("a" * 200, CONFIRMED)

    with pytest.raises(BadText, match="A text has at most 10,000 characters; this one has 1,000,000"):
        placeholders.check("{{" * 500_000, CONFIRMED)
    with pytest.raises(BadText, match="A subject has at most 200 characters; this one has 201"):
        placeholders.check_subject("a" * 201, CONFIRMED)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_is_no_text(text):
    with pytest.raises(BadText, match="A text cannot be empty"):
        placeholders.check(text, CONFIRMED)


def test_a_long_text_message_is_warned_about():
    about = {"trigger": CONFIRMED}

    assert placeholders.warnings_of(channel="sms", body="a" * 480, **about) == []
    assert placeholders.warnings_of(channel="email", body="a" * 481, **about) == []
    assert placeholders.warnings_of(channel="sms", body="a" * 481, **about) == [
        "481 characters leave as several text messages; up to 480 are usual."
    ]


def test_a_text_message_that_never_leaves_is_warned_about():
    assert placeholders.warnings_of(channel="sms", body="Hello", trigger="gift_card") == [
        "About “Gift card” nothing leaves as a text message, only by e-mail."
    ]


def test_values_are_inert():
    text = "Hi {{customer_name}},\n\nsee {{manage_link}} or https://example.com/a?b=1&c=2."
    values = {"customer_name": EVIL, "manage_link": "https://luna.test/b/1/"}

    assert placeholders.fill(text, values) == (
        f"Hi {ONE_LINE},\n\nsee https://luna.test/b/1/ or https://example.com/a?b=1&c=2."
    )
    assert placeholders.fill_html(text, values) == (
        "<p>Hi &lt;script&gt;alert(1)&lt;/script&gt;{{manage_link}}  Bcc: all@example.com,</p>\n"
        '<p>see <a href="https://luna.test/b/1/">https://luna.test/b/1/</a> or '
        '<a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.</p>'
    )
    assert placeholders.fill_subject("For {{customer_name}}", values) == (
        "For <script>alert(1)</script>{{manage_link}} Bcc: all@example.com"
    )


def test_an_address_in_a_value_stays_text():
    html = placeholders.fill_html("Hi {{customer_name}}", {"customer_name": "http://evil.example"})

    assert html == "<p>Hi http://evil.example</p>"


def test_a_link_that_is_none_stays_text():
    html = placeholders.fill_html("{{manage_link}}", {"manage_link": 'javascript:alert("1")'})

    assert html == "<p>javascript:alert(&quot;1&quot;)</p>"


def test_the_salons_own_html_is_text():
    assert placeholders.fill_html("<b>Hi</b>\nyou", {}) == "<p>&lt;b&gt;Hi&lt;/b&gt;<br>you</p>"


def test_a_missing_value_is_an_error():
    with pytest.raises(MissingValue):
        placeholders.fill("{{price}}", {})


@pytest.mark.parametrize("language", languages.WRITTEN)
@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_the_suggested_words_are_words_we_accept(trigger, channel, language):
    text = defaults.default_for(trigger=trigger, channel=channel, language=language)

    placeholders.check(text.body, trigger)
    if channel == "email":
        placeholders.check_subject(text.subject, trigger)
    if channel == "email" or trigger in TEXTED:
        assert placeholders.warnings_of(channel=channel, body=text.body, trigger=trigger) == []


@pytest.mark.parametrize("language", languages.WRITTEN[1:])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_the_suggested_words_say_the_same_in_every_language(trigger, language):
    english, other = (
        defaults.default_for(trigger=trigger, channel="email", language=each) for each in ("en", language)
    )

    assert set(placeholders.names_in(other.subject + other.body)) == set(
        placeholders.names_in(english.subject + english.body)
    )


def test_every_trigger_has_known_placeholders_and_every_placeholder_a_trigger():
    assert {name for trigger in TRIGGERS.values() for name in trigger.placeholders} == set(PLACEHOLDERS)
    assert set(PLACEHOLDERS) > LINKS


# Whatever is written, and whatever people are called ---------------------------------------------

pieces = st.one_of(
    st.sampled_from([f"{{{{{name}}}}}" for name in PLACEHOLDERS]),
    st.sampled_from(["{{", "}}", "{", "}", "{%", "%}", "${", "<%", "{{ price }}", "{{nobody}}", "\n\n", "<b>", "&"]),
    st.text(max_size=12),
)
texts = st.lists(pieces, max_size=8).map("".join)
#: Words that are accepted more often than not.
clean = st.lists(st.one_of(st.sampled_from(["{{business_name}}", "{{booking_link}}", "\n\n", "<b>", "&"]), st.text()))
values_of = st.fixed_dictionaries(dict.fromkeys(PLACEHOLDERS, texts))
triggers = st.sampled_from([value for value, _ in CHOICES])


def refusal_of(text, trigger):
    try:
        placeholders.check(text, trigger)
    except BadText as exc:
        return exc
    return None


#: What is measured here is right or wrong, whatever else the machine does meanwhile.
UNHURRIED = settings(deadline=None)


@UNHURRIED
@given(texts, triggers)
@example("{{" * 4999, CONFIRMED)
def test_checking_passes_or_names_a_place_within_the_text(text, trigger):
    refusal = refusal_of(text, trigger)

    if refusal and refusal.place:
        line = text.split("\n")[refusal.place.line - 1]
        assert line[refusal.place.column - 1 :].startswith(refusal.place.word.removesuffix("…"))


@UNHURRIED
@given(clean.map("".join), triggers, values_of)
def test_filling_a_checked_text_never_fails_and_never_expands_twice(text, trigger, values):
    assume(refusal_of(text, trigger) is None)

    filled = placeholders.fill(text, values)
    html = placeholders.fill_html(text, values)
    subject = placeholders.fill_subject(text, values)

    parts = placeholders.PLACEHOLDER.split(text)
    assert filled == "".join(
        placeholders.inert(values[part]) if index % 2 else part for index, part in enumerate(parts)
    )
    assert "<b>" not in html
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) <= placeholders.MAX_FILLED_SUBJECT


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello.\n\nRate it: {{review_link}}\n\nBye.", "Hello.\n\nBye."),
        ("Rate it: {{review_link}}", "Rate it: "),
        ("Hello.\n\nBook: {{booking_link}}", "Hello.\n\nBook: "),
    ],
    ids=["left out", "unless it is all", "of links that may be missing only"],
)
def test_a_paragraph_that_leads_nowhere_is_left_out(text, filled):
    values = {"review_link": "", "booking_link": ""}

    assert placeholders.fill(text, values) == filled
    assert placeholders.fill_html(text, values).count("<p>") == filled.count("\n\n") + 1
