"""The page before a button acts: what exactly will happen, and the form that makes it happen once."""

from django.template.response import TemplateResponse
from django.urls import reverse


class Asking:
    """For an admin class whose buttons ask first."""

    def ask(self, request, *, title, form, button, lines=(), warnings=(), original=None, danger=False, **extra):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": original,
            "form": form,
            "media": self.media + form.media,
            "lines": lines,
            "warnings": warnings,
            "button": button,
            "danger": danger,
            "back_url": self.back_url(original),
            **extra,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/press.html", context)

    def back_url(self, original=None):
        """The page of what the button is about; the list where it is about nothing yet."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_"
        return reverse(f"{name}change", args=[original.pk]) if original else reverse(f"{name}changelist")
