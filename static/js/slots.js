// Person, month and day change in place; without this script each of them is an ordinary link.
const picker = document.querySelector("#picker")
const status = document.querySelector("#picker-status")
let turn = 0

async function show(url) {
  const mine = ++turn
  const focused = document.activeElement?.id
  picker.setAttribute("aria-busy", "true")
  status.textContent = "Looking for times…"
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } })
    if (!answer.ok) throw new Error(answer.status)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    if (mine !== turn) return // a later press overtook this answer
    const fresh = page.querySelector("#picker")
    picker.replaceChildren(...fresh.childNodes)
    status.textContent = fresh.dataset.announce
    document.querySelector(`#${CSS.escape(focused || "none")}`)?.focus({ preventScroll: true })
    document.dispatchEvent(new CustomEvent("swapped"))
  } catch {
    location.assign(url)
  } finally {
    if (mine === turn) picker.removeAttribute("aria-busy")
  }
}

picker.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]")
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  history.replaceState(null, "", link.href)
  show(link.href)
})

picker.addEventListener("change", (event) => {
  if (event.target.name !== "start") return
  const button = picker.querySelector("[data-continue]")
  button.textContent = button.dataset.continue.replace("…", event.target.dataset.label)
})
