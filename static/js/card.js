// The card goes from the visitor's browser to Stripe; this page only ever sees that it was saved.
const form = document.querySelector("#checkout")
const place = document.querySelector("#card-element")
const problem = document.querySelector("#card-problem")
const confirm = document.querySelector("#confirm")
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const dark = matchMedia("(prefers-color-scheme: dark)").matches

const LOST = "We could not reach the payment service. Your time is still kept; please check your connection and press again."
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
  document.querySelector("#card-here").hidden = false
  document.querySelector("#card-elsewhere").hidden = true
  confirm.textContent = confirm.dataset.here
}

// Asks the server to keep the details. Refused ones come back as the page itself: its parts replace ours, the card stays.
async function keepDetails() {
  const answer = await fetch(location.href, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json, text/html;q=0.5" },
  })
  if (answer.headers.get("Content-Type").includes("json")) {
    forgetErrors()
    return answer.json()
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  for (const part of document.querySelectorAll("[data-refresh]")) part.replaceWith(page.getElementById(part.id))
  document.querySelector("[data-error-summary]").focus()
  return null
}

function forgetErrors() {
  for (const part of form.querySelectorAll("[data-error-summary], [data-refresh] .field-error")) part.remove()
  for (const part of form.querySelectorAll(".field-wrong")) part.classList.remove("field-wrong")
  for (const part of form.querySelectorAll("[aria-invalid]")) part.removeAttribute("aria-invalid")
}

async function save() {
  let kept
  try {
    kept = await keepDetails()
  } catch {
    return say(LOST)
  }
  if (!kept) return
  if (kept.next) return location.assign(kept.next)
  if (kept.problem) return say(kept.problem)
  const { error, setupIntent } = await stripe.confirmCardSetup(kept.client_secret, {
    payment_method: { card, billing_details: kept.billing_details },
  })
  if (error) return say(error.type === "api_connection_error" ? LOST : `${error.message} Nothing was charged, and your time is still kept.`)
  form.elements.setup_intent_id.value = setupIntent.id
  send()
}

function send() {
  form.dataset.ready = "yes"
  form.requestSubmit(confirm)
}

// Capture: before once.js counts the press.
document.addEventListener("submit", async (event) => {
  if (event.target !== form || !card || form.dataset.ready || event.submitter?.hasAttribute("formaction")) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (form.dataset.saving) return
  form.dataset.saving = "yes"
  confirm.setAttribute("aria-disabled", "true")
  say("")
  try {
    await save()
  } finally {
    delete form.dataset.saving
    confirm.removeAttribute("aria-disabled")
  }
}, true)

if (window.Stripe) mount()
