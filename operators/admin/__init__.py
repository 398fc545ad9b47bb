"""The operators' admin on the platform's host. Importing its modules registers what it shows."""

from operators.admin import money, people, records, salons, work
from operators.admin.site import site

__all__ = ["money", "people", "records", "salons", "site", "work"]
