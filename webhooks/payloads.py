"""What an event says: ids, amounts in minor units, instants in UTC. No card, no signed link, no note of staff."""

from datetime import UTC


def instant(value):
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def money(cents, currency_code):
    return {"amount_cents": cents, "currency_code": currency_code}


def of_booking(booking):
    items = booking.items.select_related("team_member").order_by("position")
    return {
        "booking": {
            "id": str(booking.pk),
            "ref": booking.ref,
            "status": str(booking.status),
            "source": str(booking.source),
            "starts_at": instant(booking.start_at),
            "ends_at": instant(booking.end_at),
            "zone": booking.booking_tz,
            "attendee_count": booking.attendee_count,
            "price": money(booking.price_cents, booking.currency_code),
            "cancellation_fee": money(booking.cancellation_fee_cents, booking.currency_code),
            "customer_id": booking.customer_id and str(booking.customer_id),
            "contact": {
                "name": booking.contact_name,
                "email": booking.contact_email,
                "phone": str(booking.contact_phone),
            },
            "services": [
                {
                    "service_id": str(item.service_id),
                    "name": str(item),
                    "team_member_id": str(item.team_member_id),
                    "team_member": item.team_member.name,
                    "starts_at": instant(item.start_at),
                    "ends_at": instant(item.end_at),
                    "price": money(item.price_cents, booking.currency_code),
                }
                for item in items
            ],
        }
    }


def of_payment(payment, *, cents):
    return {
        "payment": {
            "id": str(payment.pk),
            "booking_id": str(payment.booking_id),
            "amount": money(cents, payment.currency_code),
            "captured": money(payment.captured_cents, payment.currency_code),
            "refunded": money(payment.refunded_cents, payment.currency_code),
        }
    }


def of_customer(customer):
    return {
        "customer": {
            "id": str(customer.pk),
            "name": customer.display_name,
            "email": customer.email,
            "phone": str(customer.phone),
            "marketing_opt_in": customer.marketing_opt_in,
            "created_at": instant(customer.created_at),
        }
    }


def body(event, business):
    """The whole message, as it is signed."""
    return {
        "id": str(event.public_id),
        "type": event.type,
        "occurred_at": instant(event.occurred_at),
        "salon": {"id": str(business.pk), "zone": business.timezone},
        "booking_id": event.booking_id and str(event.booking_id),
        "sequence": event.sequence,
        "data": event.payload,
    }
