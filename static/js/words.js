// Names in double braces become buttons that write them where the cursor was, in the subject or in the text.
const form = document.querySelector("#words")
const places = form.querySelectorAll("#id_subject, #id_body")
let place = form.querySelector("#id_body")
for (const each of places) each.addEventListener("focus", () => (place = each))

function insert(word) {
  place.setRangeText(word, place.selectionStart, place.selectionEnd, "end")
  place.focus()
  place.dispatchEvent(new Event("input", { bubbles: true }))
}

const names = form.querySelector("[data-insert]")
if (matchMedia("(min-width: 62rem)").matches) names.open = true
for (const code of names.querySelectorAll("code")) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "words-name"
  button.append(code.cloneNode(true))
  button.addEventListener("click", () => insert(code.textContent))
  code.replaceWith(button)
}
