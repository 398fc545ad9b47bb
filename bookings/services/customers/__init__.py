"""Every write of customers: pages, admin, API and files all come through here."""

from bookings.services.customers.erasing import ERASED, StillNeeded, erase_customer, forget_deleted
from bookings.services.customers.exporting import record_export
from bookings.services.customers.importing import Outcome, import_customers
from bookings.services.customers.merging import CustomersChanging, find, merge_customers
from bookings.services.customers.writing import (
    COLUMNS,
    Erased,
    NotMobile,
    add_customer,
    add_note,
    change_customer,
    remove_note,
    renew_consent,
    set_texts,
    withdraw_consent,
)

__all__ = [
    "COLUMNS",
    "ERASED",
    "CustomersChanging",
    "Erased",
    "NotMobile",
    "Outcome",
    "StillNeeded",
    "add_customer",
    "add_note",
    "change_customer",
    "erase_customer",
    "find",
    "forget_deleted",
    "import_customers",
    "merge_customers",
    "record_export",
    "remove_note",
    "renew_consent",
    "set_texts",
    "withdraw_consent",
]
