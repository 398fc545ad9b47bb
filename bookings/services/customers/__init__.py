"""Every write of customers: pages, admin, API and files all come through here."""

from bookings.services.customers.erasing import ERASED, StillNeeded, erase_customer
from bookings.services.customers.merging import CustomersChanging, find, merge_customers
from bookings.services.customers.writing import (
    COLUMNS,
    Erased,
    add_customer,
    add_note,
    change_customer,
    delete_customer,
    remove_note,
    withdraw_consent,
)

__all__ = [
    "COLUMNS",
    "ERASED",
    "CustomersChanging",
    "Erased",
    "StillNeeded",
    "add_customer",
    "add_note",
    "change_customer",
    "delete_customer",
    "erase_customer",
    "find",
    "merge_customers",
    "remove_note",
    "withdraw_consent",
]
