"""Whatever the salon's admin writes is written by a service's verb, or stands in a list with the reason why it is not."""

import ast
import inspect
import textwrap

import pytest

from audit.admin import SalonModelAdmin
from bookings import services as bookings
from bookings.admin.writing import OneWriter
from bookings.services import customers
from bookings.services import settings as rules
from config.admin import site
from giftcards import services as giftcards
from payments import services as payments
from tenants.models import Role
from tenants.tests.test_admin_site import granted
from webhooks import services as webhooks

#: (model, act) → the verb behind it
VERBS = {
    ("bookings.booking", "add"): payments.take_visit,
    ("bookings.customer", "add"): customers.add_customer,
    ("bookings.customer", "change"): customers.change_customer,
    ("bookings.groupsession", "add"): bookings.open_session,
    ("giftcards.giftcard", "add"): giftcards.issue_many,
    ("tenants.business", "change"): rules.change_booking_rules,
    ("webhooks.webhookendpoint", "add"): webhooks.add_endpoint,
}
ROWS = "Rows without a state: what is bookable is read from them at the moment it is asked. Visits that lose something are named."
#: model → why Django's own form saves it, with the trail's line in the same transaction
BY_FORM = {
    "bookings.break": ROWS,
    "bookings.closure": ROWS,
    "bookings.openinghours": ROWS,
    "bookings.resource": ROWS,
    "bookings.service": "What was agreed is copied onto each visit: a change rewrites none. What is in use is kept.",
    "bookings.servicecategory": "A heading over services; deleting it leaves them without one.",
    "bookings.specialopening": ROWS,
    "bookings.teammember": "A person's week and days are rows like the salon's. Who has visits is kept.",
}
#: The same for one act of a model whose others have a verb.
ACTS_BY_FORM = {
    (
        "bookings.customer",
        "delete",
    ): "Only who never had a visit: everybody else is kept. Forgetting somebody is another page.",
}
ACTS = ("add", "change", "delete")
FOREIGN = ("django.", "unfold.")


def allowed():
    """(model, act) of everything an owner, who may most, can add, change or delete."""
    return {
        (model._meta.label_lower, act)
        for model, model_admin in site._registry.items()
        for act in granted(model_admin, Role.OWNER, ACTS).split()
    }


def by_form():
    return {key for key in allowed() if key[0] in BY_FORM} | set(ACTS_BY_FORM)


def admin_of(label):
    return next(model_admin for model, model_admin in site._registry.items() if model._meta.label_lower == label)


def own_functions(model_admin):
    """The methods of the admin's class that we wrote."""
    for kind in type(model_admin).__mro__:
        if not kind.__module__.startswith(FOREIGN):
            yield from (each for each in vars(kind).values() if inspect.isfunction(each))


def own(model_admin, name):
    """The method of that name where it is ours and does not hand on to Django's; else None."""
    method = inspect.unwrap(getattr(type(model_admin), name))
    if method.__module__.startswith(FOREIGN) or f"super().{name}(" in inspect.getsource(method):
        return None
    return method


def saved_by_django(label, act):
    """Whether Django's `save_model` or `delete_model` writes."""
    model_admin = admin_of(label)
    if not any(getattr(url, "name", None) and url.name.endswith(f"_{act}") for url in model_admin.get_urls()):
        return False
    views, writer = {
        "add": (("add_view",), "save_model"),
        "change": (("change_view",), "save_model"),
        "delete": ((), "delete_model"),
    }[act]
    return not any(own(model_admin, name) for name in (*views, writer))


def called_by(function):
    """Everything the function calls by a name of its module: `verb()`, `services.verb()`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield _resolved(node.func, inspect.unwrap(function).__globals__)


def _resolved(node, names):
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return getattr(_resolved(node.value, names), node.attr, None) if isinstance(node, ast.Attribute) else None


def test_everything_that_may_be_written_is_here():
    assert set(VERBS) | by_form() == allowed()
    assert not set(VERBS) & by_form()
    assert set(BY_FORM) == {label for label, _ in by_form() - set(ACTS_BY_FORM)}


@pytest.mark.parametrize(("label", "act"), VERBS, ids=str)
def test_the_admin_calls_the_verb(label, act):
    assert VERBS[label, act] in [each for function in own_functions(admin_of(label)) for each in called_by(function)]


def test_djangos_form_writes_what_is_listed_for_it_and_nothing_else():
    assert {key for key in allowed() if saved_by_django(*key)} == by_form()


@pytest.mark.parametrize("label", BY_FORM)
@pytest.mark.parametrize("name", ["log_addition", "log_change", "log_deletions"])
def test_what_a_form_writes_leaves_a_line_in_the_trail(label, name):
    assert getattr(type(admin_of(label)), name) is getattr(SalonModelAdmin, name)


def test_that_a_customer_was_deleted_is_told_by_a_verb_of_its_own():
    written = list(called_by(type(admin_of("bookings.customer")).log_deletions))

    assert customers.forget_deleted in written


def test_what_a_form_writes_waits_for_whoever_writes_the_catalogue():
    assert {label for label in BY_FORM if not isinstance(admin_of(label), OneWriter)} == set()


def test_rows_of_a_parent_are_written_where_the_parent_is():
    assert {model._meta.label_lower for model, model_admin in site._registry.items() if model_admin.inlines} <= set(
        BY_FORM
    )


@pytest.mark.parametrize("reason", {**BY_FORM, **ACTS_BY_FORM}.values())
def test_every_reason_is_a_sentence(reason):
    assert len(reason.split()) > 5
    assert reason.endswith(".")
