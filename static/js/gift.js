// A gift card is applied without leaving the page: amounts and terms follow at once.
import { refresh } from "./refresh.js"

const form = document.querySelector("#checkout")

async function send(button) {
  const answer = await fetch(button.formAction, { method: "POST", body: new FormData(form, button), headers: { Accept: "application/json, text/html;q=0.5" } })
  if (!refresh(await answer.text())) return
  const wrong = document.querySelector("#gift [aria-invalid]")
  const place = wrong ?? document.querySelector("#gift-title")
  place.focus()
}

// Capture: before once.js counts the press.
form.addEventListener("submit", async (event) => {
  const button = event.submitter
  if (!button?.hasAttribute("data-gift") || button.dataset.plain) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (button.dataset.sending) return
  button.dataset.sending = "yes"
  try {
    await send(button)
  } catch {
    button.dataset.plain = "yes" // no answer: as without scripts
    form.requestSubmit(button)
  } finally {
    delete button.dataset.sending
  }
}, true)

// Enter in the code's field means Apply, not Book.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "gift_card_code") return
  event.preventDefault()
  form.requestSubmit(document.querySelector("#gift details [data-gift]"))
})
