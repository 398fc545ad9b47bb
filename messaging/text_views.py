"""Where Twilio tells what became of a text, and what people answer. On the platform's host; only what it signed counts."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_tenants.utils import tenant_context

from messaging import callbacks, gateway, services
from tenants import hosts, limits
from tenants.addresses import client_address
from tenants.models import Business

FORGED = limits.Limit("texts-forged", times=30, seconds=60, everywhere=True)
ANSWERS = limits.Limit("texts-answers", times=5, seconds=60 * 60, everywhere=True)
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
STARTED = "You will get text messages about your visits again. Reply STOP to end them, HELP for help."
HELPED = (
    "These are messages about visits you have booked, sent for salons by Tithi. Your salon’s phone number is in your "
    "confirmation mail. Reply STOP to end them."
)
NOT_READ = (
    "Nobody reads answers to this number. Please use the link in the message, or call your salon. STOP ends these."
)


def from_twilio(view):
    """Only what Twilio signed for exactly this address; anything else is a 403, and counted by who sends it."""

    @csrf_exempt
    @login_not_required
    @require_POST
    def inner(request, *args, **kwargs):
        signature = request.headers.get("X-Twilio-Signature", "")
        # The address as we gave it to Twilio, not as a Host header tells it.
        url = hosts.platform_url() + request.get_full_path()
        if gateway.is_signed(url=url, form=request.POST, signature=signature):
            return view(request, *args, **kwargs)
        address = client_address(request)
        try:
            limits.take(FORGED, address, address=address)
        except limits.TooMany as exc:
            return HttpResponse(str(exc), status=exc.status, headers={"Retry-After": str(FORGED.seconds)})
        return HttpResponseForbidden("bad signature")

    return inner


@from_twilio
def status(request, token):
    """Whose message it is stands in the address, which we signed: never in what was posted."""
    try:
        schema_name, message_id = callbacks.read(token)
    except ValueError as exc:
        raise Http404 from exc
    if business := Business.objects.filter(schema_name=schema_name).first():
        with tenant_context(business):
            services.note_status(
                message_id=message_id,
                provider_id=request.POST.get("MessageSid", ""),
                status=request.POST.get("MessageStatus", ""),
                code=_number(request.POST.get("ErrorCode", "")),
                now=timezone.now(),
            )
    return HttpResponse(status=204)


@from_twilio
def inbound(request):
    """STOP, START and HELP are minded; all else is answered with where to turn to, a few times an hour."""
    number = request.POST.get("From", "")
    word = request.POST.get("OptOutType") or request.POST.get("Body", "").strip().rstrip(".!").upper()
    text = ""
    if word in STOP:
        services.stop_texts(number=number, now=timezone.now())
    elif word in START:
        services.start_texts(number=number)
        text = STARTED
    else:
        text = HELPED if word in HELP else NOT_READ
    # Where Twilio minds these words itself, it has answered already, and lets nothing through to who said STOP.
    if text and ("OptOutType" in request.POST or not _may_answer(number)):
        text = ""
    return HttpResponse(gateway.reply(text), content_type="text/xml")


def _may_answer(number):
    try:
        limits.take(ANSWERS, number, address=None)
    except limits.TooMany:
        return False
    return True


def _number(text):
    return int(text) if text.isascii() and text.isdigit() else 0
