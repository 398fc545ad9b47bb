"""The lists of a salon's admin, and those of its dashboard, with a hundred thousand visits behind them, by an owner alone."""

from django_tenants.utils import tenant_context

from bookings.models import Booking, Customer, Status, TeamMember
from config.admin import site
from config.bench import desk, load, server
from config.bench.results import Result
from config.bench.timing import percentile
from payments.models import Payment

VISITS, QUICK_VISITS = 100_000, 20_000
REQUESTS, QUICK_REQUESTS = 20, 5
AIM = 300
BOOKINGS, CUSTOMERS = "/admin/bookings/booking/", "/admin/bookings/customer/"
PAYMENTS, OUTBOX, TRAIL = "/admin/payments/payment/", "/admin/messaging/message/", "/admin/audit/auditentry/"
VISITS_PAGE, CUSTOMERS_PAGE = "/dashboard/visits/", "/dashboard/customers/"


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where an answer is not 200."""
    salon = desk.full_salon("years", visits=QUICK_VISITS if quick else VISITS)
    desk.fill_records(salon)
    requests = QUICK_REQUESTS if quick else REQUESTS
    with server.serving() as running:
        host, cookie = running.host_of(salon.business), desk.cookie_of(salon.business)
        for name, path in questions(salon).items():
            message = load.get(path, host=host, cookie=cookie)
            desk.ask(running, message, 2)
            taken = desk.ask(running, message, requests)
            yield Result(f"admin: {name}, p95", percentile(taken, 95) * 1000, "ms", at_most=AIM)
            yield Result(f"admin: {name}, p50", percentile(taken, 50) * 1000, "ms")


def questions(salon):
    """What is asked for, by name: every list as it opens, filtered, searched, and turned to its second and last page."""
    with tenant_context(salon.business):
        visit = Booking.objects.filter(status=Status.COMPLETED).latest("start_at")
        person = TeamMember.objects.first()
        last, last_customer, last_payment = (
            -(-model.objects.count() // site.get_model_admin(model).list_per_page)
            for model in (Booking, Customer, Payment)
        )
    digits = visit.contact_phone.as_e164[-7:]
    looked_for = {
        "a name": visit.contact_name.replace(" ", "+"),
        "a common name": "anna",
        "an e-mail": visit.contact_email,
        "a number": digits,
        "a reference": visit.ref,
        "nobody": "zzyzx",
    }
    return {
        "bookings": BOOKINGS,
        "bookings, second page": f"{BOOKINGS}?p=2",
        "bookings, last page": f"{BOOKINGS}?p={last}",
        **{f"bookings, {when}": f"{BOOKINGS}?when={when}" for when in ("today", "week", "coming", "unclosed")},
        **{
            f"bookings, {state}": f"{BOOKINGS}?status={state}"
            for state in ("confirmed", "completed", "canceled", "pending")
        },
        "bookings, of a person": f"{BOOKINGS}?person={person.pk}",
        "bookings, of a service": f"{BOOKINGS}?service={salon.service.pk}",
        "bookings, of a rare service": f"{BOOKINGS}?service={salon.services[-1].pk}",
        "bookings, paid": f"{BOOKINGS}?payment=captured",
        "bookings, fee due": f"{BOOKINGS}?payment=fee_due",
        "bookings, by customer": f"{BOOKINGS}?o=3",
        **{f"bookings, search for {what}": f"{BOOKINGS}?q={term}" for what, term in looked_for.items()},
        "customers": CUSTOMERS,
        "customers, last page": f"{CUSTOMERS}?p={last_customer}",
        **{
            f"customers, search for {what}": f"{CUSTOMERS}?q={looked_for[what]}"
            for what in ("a name", "an e-mail", "nobody")
        },
        "payments": PAYMENTS,
        "payments, captured": f"{PAYMENTS}?status__exact=captured",
        "payments, last page": f"{PAYMENTS}?p={last_payment}",
        **{
            f"payments, search for {what}": f"{PAYMENTS}?q={looked_for[what]}"
            for what in ("a name", "a reference", "nobody")
        },
        "outbox": OUTBOX,
        "outbox, undelivered": f"{OUTBOX}?status__exact=dead",
        "outbox, reminders": f"{OUTBOX}?kind=reminder",
        "outbox, search for an e-mail": f"{OUTBOX}?q={visit.contact_email}",
        "trail": TRAIL,
        "trail, of bookings": f"{TRAIL}?subject_type=bookings.booking",
        "trail, search for a reference": f"{TRAIL}?q={visit.ref}",
        "dashboard visits": VISITS_PAGE,
        "dashboard visits, last page": f"{VISITS_PAGE}?page=99999",
        "dashboard visits, of a person": f"{VISITS_PAGE}?person={person.pk}",
        "dashboard visits, paid": f"{VISITS_PAGE}?money=paid",
        **{f"dashboard visits, search for {what}": f"{VISITS_PAGE}?q={term}" for what, term in looked_for.items()},
        "dashboard customers": CUSTOMERS_PAGE,
        "dashboard customers, by last visit": f"{CUSTOMERS_PAGE}?sort=last",
        "dashboard customers, most paid": f"{CUSTOMERS_PAGE}?sort=spent",
        "dashboard customers, lapsed": f"{CUSTOMERS_PAGE}?show=lapsed-90",
        **{
            f"dashboard customers, search for {what}": f"{CUSTOMERS_PAGE}?q={looked_for[what]}"
            for what in ("a name", "nobody")
        },
        **{f"dashboard search for {what}": f"/dashboard/search/?q={term}" for what, term in looked_for.items()},
    }
