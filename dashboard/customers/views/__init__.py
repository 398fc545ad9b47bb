"""The pages about customers."""

from dashboard.customers.views.card import add_note, allow_messages, customer, remove_note, set_texts, withdraw_consent
from dashboard.customers.views.editing import add, change
from dashboard.customers.views.erasing import erase
from dashboard.customers.views.exporting import export
from dashboard.customers.views.importing import import_customers
from dashboard.customers.views.listing import customers
from dashboard.customers.views.merging import duplicates, merge

__all__ = [
    "add",
    "add_note",
    "allow_messages",
    "change",
    "customer",
    "customers",
    "duplicates",
    "erase",
    "export",
    "import_customers",
    "merge",
    "remove_note",
    "set_texts",
    "withdraw_consent",
]
