from ..lists import page
from ..routing import route


@route("GET", "/v1/events/{event}", "EventRetrieveParams")
def retrieve(call, event):
    return call.get("event", event)


@route("GET", "/v1/events", "EventListParams", "created ending_before limit starting_after type types")
def index(call):
    types = call.params.get("types")
    events = (event for event in call.every("event") if types is None or event["type"] in types)
    return page(call, "/v1/events", events, equal=("type",))
