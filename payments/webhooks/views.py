from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import gateway
from payments.webhooks import services


@csrf_exempt
@login_not_required
@require_POST
def webhook(request):
    """Stripe's events, platform and Connect: signature, store, 200. Processing comes after the answer."""
    try:
        payload = gateway.read_event(
            body=request.body,
            signature=request.headers.get("Stripe-Signature", ""),
            secrets=[settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_CONNECT_WEBHOOK_SECRET],
        )
    except gateway.BadSignature:
        return HttpResponseBadRequest("bad signature")
    services.receive(payload=payload)
    return HttpResponse("ok")
