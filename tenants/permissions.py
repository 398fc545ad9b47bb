"""What there is to be allowed in a salon, and who is: one table of permissions × roles.

Pages, admin, API, exports and WebSockets ask `policies.may(membership, permission)`; menus leave out what it refuses.
"""

from django.db import models

from tenants.models import Role


class Permission(models.TextChoices):
    VIEW_DIARY = "view_diary", "See the calendar and visits"
    WORK_DIARY = "work_diary", "Book, move and check in visits"
    CLOSE_VISITS = "close_visits", "Press Completed, No-show and Cancelled"
    REFUND = "refund", "Give money back"
    WAIVE_FEES = "waive_fees", "Let fees go"
    VIEW_MONEY = "view_money", "See payments"
    VIEW_CUSTOMERS = "view_customers", "See customers"
    EDIT_CUSTOMERS = "edit_customers", "Add and change customers"
    EXPORT_CUSTOMERS = "export_customers", "Take customers along as a file, and bring them in from one"
    ERASE_CUSTOMERS = "erase_customers", "Merge and erase customers"
    VIEW_ANALYTICS = "view_analytics", "See and download figures"
    ARRANGE = "arrange", "Change services, team, hours, rooms and booking rules"
    MANAGE_GIFT_CARDS = "manage_gift_cards", "Issue and change gift cards"
    WRITE_WORDS = "write_words", "Change the words of messages and the website"
    MANAGE_ACCESS = "manage_access", "Invite people and take them out"
    MANAGE_INTEGRATIONS = "manage_integrations", "API tokens and webhooks"
    VIEW_TRAIL = "view_trail", "See who did what"
    OWN = "own", "Plan, Stripe, roles, closing the salon"


def _row(owner, admin, staff, viewer):
    return {Role.OWNER: owner, Role.ADMIN: admin, Role.STAFF: staff, Role.VIEWER: viewer}


#: Permission → role → whether it is allowed where the owner has changed nothing.
TABLE = {
    Permission.VIEW_DIARY: _row(True, True, True, True),
    Permission.WORK_DIARY: _row(True, True, True, False),
    Permission.CLOSE_VISITS: _row(True, True, True, False),
    Permission.REFUND: _row(True, True, False, False),
    Permission.WAIVE_FEES: _row(True, True, False, False),
    Permission.VIEW_MONEY: _row(True, True, True, True),
    Permission.VIEW_CUSTOMERS: _row(True, True, True, True),
    Permission.EDIT_CUSTOMERS: _row(True, True, True, False),
    Permission.EXPORT_CUSTOMERS: _row(True, True, False, False),
    Permission.ERASE_CUSTOMERS: _row(True, True, False, False),
    Permission.VIEW_ANALYTICS: _row(True, True, True, True),
    Permission.ARRANGE: _row(True, True, False, False),
    Permission.MANAGE_GIFT_CARDS: _row(True, True, False, False),
    Permission.WRITE_WORDS: _row(True, True, False, False),
    Permission.MANAGE_ACCESS: _row(True, True, False, False),
    Permission.MANAGE_INTEGRATIONS: _row(True, True, False, False),
    Permission.VIEW_TRAIL: _row(True, True, False, False),
    Permission.OWN: _row(True, False, False, False),
}
