"""Which numbers can get a text message, as far as a number tells. Pure."""

import phonenumbers
from phonenumbers import PhoneNumberType

#: In North America a number does not tell whether it is a mobile one.
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
NOT_MOBILE = "Text messages cannot be sent to this number. Write a mobile number, or go without text messages."


def can_get_texts(number):
    """Whether this number (as E.164, or "") may be a mobile phone."""
    try:
        parsed = phonenumbers.parse(str(number or ""), None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in MOBILE
