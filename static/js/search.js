// The bar's search field: “/” goes there, Escape leaves it, the arrow keys walk through what it suggests.
const field = document.querySelector("#desk-search")
const place = document.querySelector("#desk-suggestions")
const typing = (element) => element.closest("input, textarea, select, [contenteditable]")
const results = () => [...place.querySelectorAll("a")]

function leave() {
  place.replaceChildren()
  field.blur()
}

addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    event.preventDefault()
    field.focus()
    field.select()
  }
})
for (const part of [field, place]) {
  part.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave()
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    const order = [field, ...results()]
    const next = order[order.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)]
    if (next) {
      event.preventDefault()
      next.focus()
    }
  })
}
addEventListener("click", (event) => {
  if (!event.target.closest(".desk-search")) place.replaceChildren()
})
