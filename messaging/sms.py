"""What a text message is made of: GSM 03.38 or UCS-2, in parts of a fixed length (3GPP TS 23.038, 23.040). Pure."""

#: One septet each.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Two septets each, an escape and a letter.
EXTENDED = frozenset("\f^{}\\[~]|€")
#: (alone, each part of several)
GSM, UCS2 = (160, 153), (70, 67)


def segments(text):
    """How many messages a text is sent as and paid for; 0 for none."""
    if not text:
        return 0
    if all(each in BASIC or each in EXTENDED for each in text):
        sizes, (alone, part) = [2 if each in EXTENDED else 1 for each in text], GSM
    else:
        sizes, (alone, part) = [len(each.encode("utf-16-be")) // 2 for each in text], UCS2
    return 1 if sum(sizes) <= alone else _parts(sizes, part)


def _parts(sizes, most):
    """What is written as a pair is never torn apart."""
    count, room = 1, most
    for size in sizes:
        if size > room:
            count, room = count + 1, most
        room -= size
    return count
