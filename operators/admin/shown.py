"""What an operator reads about one salon, as ready lines."""

from django.utils import formats, timezone

from tenants.money import Money


def page_of(found):
    """`operators.queries.about` as cards of facts and lists of (what, more, when or how)."""
    return {"cards": _cards(found), "lists": _lists(found)}


def moment(at):
    return formats.date_format(timezone.localtime(at), "j M Y, H:i") if at else "–"


def _cards(found):
    salon, billing = found["salon"], found["salon"].billing
    return [
        (
            "Salon",
            [
                ("Address", salon.host),
                ("E-mail", salon.email or "–"),
                ("Phone", salon.phone.as_international if salon.phone else "–"),
                ("Place", ", ".join(salon.address_lines) or "–"),
                ("Clock and money", f"{salon.timezone}, {salon.currency_code}"),
                ("Schema", salon.schema_name),
                ("Opened", moment(salon.created_at)),
                ("Opening", _progress(found["progress"])),
                ("Leaving", _departure(found["departure"])),
            ],
        ),
        (
            "Plan and Stripe",
            [
                ("Plan", billing.get_subscription_status_display()),
                ("Price", f"{Money(billing.subscription_price_cents, 'USD')} a month"),
                ("Trial ends", moment(billing.trial_ends_at)),
                ("Next invoice", moment(billing.next_billing_at)),
                ("Grace ends", moment(billing.grace_ends_at)),
                ("Plan read at Stripe", moment(billing.subscription_read_at)),
                ("Stripe account", billing.stripe_account_id or "–"),
                ("Takes cards", "Yes" if billing.charges_enabled else billing.restricted_reason or "No"),
                ("Account read at Stripe", moment(billing.account_read_at)),
            ],
        ),
    ]


def _progress(progress):
    if progress is None:
        return "not by the wizard"
    return f"{progress.get_provisioning_display()}, step {progress.current_step}"


def _departure(departure):
    return f"asked for {moment(departure.asked_at)}, erased from {moment(departure.erase_at)}" if departure else "–"


def _lists(found):
    return [
        ("Team", [_member(row) for row in found["members"]], "Nobody."),
        ("Addresses on the web", [*_domains(found)], "None: nobody reaches it."),
        ("Support", [_access(*row) for row in found["accesses"]], "Nobody has looked in."),
        ("Migrations that are not through", [_rollout(row) for row in found["rollouts"]], "None."),
        ("What operators did", [_entry(row) for row in found["log"]], "Nothing."),
    ]


def _member(row):
    return str(row.user), row.user.email, row.get_role_display() + ("" if row.user.is_active else ", deactivated")


def _domains(found):
    for row in found["domains"]:
        yield row.domain, "", "Main" if row.is_primary else ""
    for row in found["custom_domains"]:
        yield row.domain, row.problem, "Verified" if row.verified_at else "Not verified"


def _access(access, is_open):
    ended = "open until" if is_open else "until"
    how = f"{access.get_role_display()}, {ended} {moment(access.closed_at or access.ends_at)}"
    return access.operator_label, access.reason, how


def _rollout(row):
    return f"{row.app_label}.{row.migration}", row.error[:200], row.get_status_display()


def _entry(row):
    return f"{row.operator_label}: {row.action.replace('.', ' ')}", row.reason, moment(row.at)
