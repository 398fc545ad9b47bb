// A form marked data-once leaves once: a second press while it is on its way does nothing.
const buttons = (form) => form.querySelectorAll("button:not([type=button])")

function release(form) {
  delete form.dataset.sent
  for (const button of buttons(form)) button.removeAttribute("aria-disabled")
}

document.addEventListener("submit", (event) => {
  const form = event.target
  if (!form.matches("[data-once]") || event.defaultPrevented) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = "yes"
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true")
})

// Back from the browser's cache the form may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(release))
