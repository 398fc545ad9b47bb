// The phone's "More": closes on Escape, and when something else is pressed.
const more = document.querySelector(".desk-more details")
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && more.open) {
    more.open = false
    more.querySelector("summary").focus()
  }
})
addEventListener("click", (event) => {
  if (more.open && !more.contains(event.target)) more.open = false
})
