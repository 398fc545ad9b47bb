// Services, people, month and day change in place; without this script each of them is an ordinary link or form.
const picker = document.querySelector("#picker")
const status = document.querySelector("#picker-status")
let turn = 0

async function show(url) {
  const mine = ++turn
  const focused = document.activeElement?.id
  history.replaceState(null, "", url)
  picker.setAttribute("aria-busy", "true")
  status.textContent = "Looking for times…"
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } })
    if (!answer.ok) throw new Error(answer.status)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    if (mine !== turn) return // a later press overtook this answer
    replace(page, focused)
  } catch {
    location.assign(url)
  } finally {
    if (mine === turn) picker.removeAttribute("aria-busy")
  }
}

function replace(page, focused) {
  const fresh = page.querySelector("#picker")
  const sameVisit = fresh.dataset.visit === picker.dataset.visit
  picker.dataset.visit = fresh.dataset.visit
  picker.replaceChildren(...fresh.childNodes)
  document.title = page.title
  status.textContent = sameVisit ? fresh.dataset.announce : `${fresh.dataset.visit} ${fresh.dataset.announce}`
  const pressed = picker.querySelector(`#${CSS.escape(focused || "none")}`)
  const folded = pressed?.closest("details")
  if (folded) folded.open = true
  // What was pressed may be gone with the press: a service removed or added.
  if (pressed) pressed.focus({ preventScroll: true })
  else picker.querySelector("[data-refocus]")?.focus()
  document.dispatchEvent(new CustomEvent("swapped"))
}

picker.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]")
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  show(link.href)
})

picker.addEventListener("change", (event) => {
  if (event.target.matches("form[data-swap] select")) return ask(event.target.form)
  if (event.target.name !== "start") return
  const button = picker.querySelector("[data-continue]")
  button.textContent = button.dataset.continue.replace("…", event.target.dataset.label)
})

picker.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-swap]")) return
  event.preventDefault()
  ask(event.target)
})

function ask(form) {
  show(`${form.action}?${new URLSearchParams(new FormData(form))}`)
}
