import random
import string

_ALPHABET = string.ascii_letters + string.digits
_random = random.SystemRandom()


def random_text(length):
    return "".join(_random.choices(_ALPHABET, k=length))


def new_id(prefix, length=24):
    """A fresh id in Stripe's form, `cus_…`."""
    return f"{prefix}_{random_text(length)}"


def client_secret(intent_id):
    return f"{intent_id}_secret_{random_text(25)}"
