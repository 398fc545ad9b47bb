"""What happens to a text by the number it is sent to. The first five are Twilio's own test numbers."""

#: To this number → (Twilio's code, what it says): the message is not taken.
REFUSED = {
    "+15005550001": (21211, "The 'To' number {to} is not a valid phone number."),
    "+15005550002": (21612, "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number."),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region of the 'To' number: {to}."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number: {to}, is not a mobile number"),
}
#: To this number → (how it ends, Twilio's code): taken, and then not delivered.
LOST = {
    "+15005550013": ("undelivered", 30003),
    "+15005550015": ("undelivered", 30005),
    "+15005550016": ("undelivered", 30006),
    "+15005550018": ("failed", 30008),
}
