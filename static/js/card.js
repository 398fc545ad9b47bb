// The card goes from the visitor's browser to Stripe; this page only ever sees that it was saved, or the payment confirmed.
import { refresh } from "./refresh.js"

const form = document.querySelector("[data-card-form]")
const place = document.querySelector("#card-element")
const problem = document.querySelector("#card-problem")
const confirm = document.querySelector("#confirm")
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const dark = matchMedia("(prefers-color-scheme: dark)").matches

const LOST = `We could not reach the payment service. ${form.dataset.kept} Please check your connection and press again.`
const OVER = ["payment_intent_unexpected_state", "setup_intent_unexpected_state"]
let card
let stripe

function say(text) {
  problem.textContent = text
  problem.hidden = !text
  if (text) problem.focus()
}

function mount() {
  stripe = Stripe(place.dataset.key, { stripeAccount: place.dataset.account })
  const elements = stripe.elements({
    appearance: {
      theme: dark ? "night" : "stripe",
      variables: { colorBackground: color("--surface"), colorText: color("--ink"), colorPrimary: color("--brand-ink"), colorDanger: color("--bad") },
    },
  })
  card = elements.create("card", {
    hidePostalCode: true,
    style: { base: { color: color("--ink"), fontSize: "17px", "::placeholder": { color: color("--muted") } }, invalid: { color: color("--bad") } },
  })
  card.mount(place)
  for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false
  document.querySelector("#card-elsewhere").hidden = true
  confirm.textContent = confirm.dataset.here
}

// Asks the server to keep the details. Refused ones come back as the page itself: its parts replace ours, the card stays.
async function keepDetails(pressed) {
  const body = new FormData(form)
  if (pressed.name) body.append(pressed.name, pressed.value)
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json, text/html;q=0.5" } })
  if (answer.headers.get("Content-Type").includes("json")) {
    forgetErrors()
    return answer.json()
  }
  if (refresh(await answer.text())) document.querySelector("[data-error-summary], #gift [aria-invalid], #gift-title")?.focus()
  return null
}

function forgetErrors() {
  for (const part of form.querySelectorAll("[data-error-summary], [data-refresh] .field-error")) part.remove()
  for (const part of form.querySelectorAll(".field-wrong")) part.classList.remove("field-wrong")
  for (const part of form.querySelectorAll("[aria-invalid]")) part.removeAttribute("aria-invalid")
}

async function save(pressed) {
  let kept
  try {
    kept = await keepDetails(pressed)
  } catch {
    return say(LOST)
  }
  if (!kept) return
  if (kept.next) return location.assign(kept.next)
  if (kept.problem) return say(kept.problem)
  const secret = kept.client_secret
  const method = { payment_method: kept.payment_method ?? { card, billing_details: kept.billing_details } }
  const { error, setupIntent, paymentIntent } = secret.startsWith("pi_")
    ? await stripe.confirmCardPayment(secret, method) : await stripe.confirmCardSetup(secret, method)
  // Over already, by another press: the server says how it ended.
  if (error && !OVER.includes(error.code)) return say(error.type === "api_connection_error" ? LOST : `${error.message} ${form.dataset.refused}`)
  form.querySelector("[data-done]").value = (setupIntent ?? paymentIntent)?.id ?? "over"
  form.dataset.ready = "yes"
  form.requestSubmit(pressed)
}

// A card the salon keeps already needs nothing of Stripe's script.
const elsewhere = () => (form.elements.card?.value ?? "new") !== "new"

function choose() {
  for (const id of ["#card-here", "#card-keep"]) document.querySelector(id).hidden = elsewhere()
  confirm.textContent = elsewhere() ? confirm.dataset.kept : confirm.dataset.here
}

// Capture: before once.js counts the press.
document.addEventListener("submit", async (event) => {
  const pressed = event.submitter ?? confirm
  if (event.target !== form || !card || form.dataset.ready || pressed.hasAttribute("formaction") || elsewhere()) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (form.dataset.saving) return
  form.dataset.saving = "yes"
  const buttons = form.querySelectorAll("button")
  for (const button of buttons) button.setAttribute("aria-disabled", "true")
  say("")
  try {
    await save(pressed)
  } finally {
    delete form.dataset.saving
    for (const button of buttons) button.removeAttribute("aria-disabled")
  }
}, true)

form.addEventListener("change", (event) => event.target.name === "card" && card && choose())

// Back from the browser's cache the form may be sent again.
addEventListener("pageshow", () => { delete form.dataset.ready })

if (window.Stripe) {
  mount()
  if (form.elements.card) choose()
}
