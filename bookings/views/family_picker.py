"""The choice of day and time for several people: the calendar of one visit, with times at which all fit."""

from bookings import queries, words
from bookings.views.picker import Picker


class FamilyPicker(Picker):
    marks = False

    def _load(self, month):
        super()._load(month)
        if self.open_day:
            # The calendar only knows that there is a time.
            [self.open_day] = self._days(self.open_day.date, self.open_day.date)

    def _calendar(self):
        first, last = max(self.first, self.today), min(self._month_end(), self.last)
        return self._days(first, last, most=1) if first <= last else []

    def _days(self, first, last, *, most=None):
        return queries.family_days(**self._asked, first=first, last=last, most=most)

    def _first_open(self, *, after):
        return queries.first_open_family_day(**self._asked, after=after, last=self.last)

    @property
    def _asked(self):
        draft = self.draft
        return {"business": self.business, "baskets": draft.baskets, "order": draft.order, "now": self.now}

    def _times(self, slots):
        return "times free"

    def _note(self, slot):
        """Until when it takes: everybody's visit."""
        return f"to {words.clock(slot.end_at.astimezone(self.business.zone))}"

    @property
    def nothing_free(self):
        days = f"the coming {words.count((self.last - self.today).days, 'day', 'days')}"
        return f"Nothing is free for all of you in {days}. The other order or fewer people may fit, or"
