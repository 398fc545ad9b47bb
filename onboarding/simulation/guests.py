"""Who comes: made-up people, always the same ones by number, at addresses nobody has."""

FIRST = (
    "Maya", "Grace", "Helena", "Tom", "Priya", "Sofia", "Jamal", "Nina", "Ella", "Lucas", "Amara", "Wei", "Ruth", "Kate",
    "Ivy", "Marta", "Jean", "Karim", "Paul", "Nadia", "Hugo", "Inès", "Marc", "Sami", "Léa", "Anna", "Rachid",
)  # fmt: skip
LAST = (
    "Rosen", "Obi", "Castellanos", "Ibarra", "Nair", "Russo", "Carter", "Petrova", "Sørensen", "Meyer", "Diallo", "Zhang",
    "Goldberg", "O'Neill", "Thompson", "Kowalska", "Dupont", "Ziani", "Lefèvre", "Cherif", "Lambert", "Garcia", "Fontaine",
    "Trabelsi", "Roussel", "Schmidt", "Amrani", "Okafor", "Lindqvist", "Haddad", "Moreau",
)  # fmt: skip
#: Numbers that are kept for films; one is shared by some guests, as families do.
NUMBERS = {"FR": "+3319900{:04d}", "": "+1212555{:04d}"}


def name_of(number):
    """27 first names with 31 last names: 837 people before a name comes twice."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"


def email_of(number):
    mailbox = name_of(number).lower().replace(" ", ".").replace("'", "").encode("ascii", "ignore").decode()
    return f"{mailbox}.{number}@example.com"


def phone_of(number, country):
    return NUMBERS["FR"].format(number % 10_000) if country == "FR" else NUMBERS[""].format(100 + number % 100)
