"""A real browser that keeps a page open, and says when it has shown a change."""

from django.conf import settings
from django_tenants.utils import tenant_context

from bookings.models import Booking, Status

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
#: When the row of a visit says something else, and two frames later it is on the screen.
WATCH = """(pk) => {
  const states = () => document.querySelector(`#day a[href*="${pk}"]`)?.closest(".desk-row")?.querySelector(".desk-states")
  const before = states().textContent
  window.shown = new Promise((done) => {
    new MutationObserver((_, observer) => {
      if (!states() || states().textContent === before) return
      observer.disconnect()
      requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())))
    }).observe(document.body, { childList: true, subtree: true })
  })
}"""


def shown(salon, cookie, count, press):
    """Seconds from each of `count` commits to the screen. `press(pk)` checks a visit in and returns when it was committed."""
    from playwright.sync_api import sync_playwright

    from config.local import browser

    with tenant_context(salon.business):
        visits = Booking.objects.filter(status=Status.CONFIRMED, local_date=salon.first).order_by("pk")
        waiting = list(visits.values_list("pk", flat=True)[:count])
    taken = []
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=str(browser.ensure()), args=ARGUMENTS)
        page = program.new_page(viewport={"width": 1280, "height": 900})
        address = salon.business.url
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
        page.goto(f"{address}/dashboard/?day={salon.first.isoformat()}")
        page.locator('#live[data-state="live"]').wait_for()
        for pk in waiting:
            page.wait_for_timeout(1500)  # what was told closely together is shown together
            page.evaluate(WATCH, str(pk))
            committed = press(pk)
            taken.append(page.evaluate("window.shown") / 1000 - committed)
        program.close()
    return taken
