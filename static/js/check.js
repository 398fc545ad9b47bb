// Says while typing whether an address is free. Without this file the press on Continue says it.
const place = document.querySelector("[data-check]")
const input = place?.querySelector("input")
const verdict = document.getElementById("address-verdict")
let asked = 0
let timer

async function ask() {
  const mine = ++asked
  const answer = await fetch(`${place.dataset.check}?subdomain=${encodeURIComponent(input.value)}`)
  if (mine !== asked || !answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  verdict.replaceChildren(...page.body.childNodes)
}

function soon() {
  clearTimeout(timer)
  if (input.value) timer = setTimeout(ask, 250)
}

input?.addEventListener("input", soon)
document.addEventListener("click", (event) => {
  const taken = event.target.closest("[data-take]")
  if (!taken || !input) return
  event.preventDefault()
  input.value = taken.dataset.take
  input.focus()
  ask()
})
