"""What staff type into the diary's own pages, in the admin's clothes."""

from bookings.admin.clothes import dressed
from bookings.desk import forms

PressForm = forms.PressForm  # nothing to be seen of it
MoveForm, WhyForm, NewBookingForm = dressed(forms.MoveForm), dressed(forms.WhyForm), dressed(forms.NewBookingForm)
