// Takes the parts marked data-refresh out of a page the server has sent, and leaves the rest, the typed card too, alone.
export function refresh(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  const asksForCard = (place) => Boolean(place.querySelector("#card-element"))
  if (!page.querySelector("#checkout") || asksForCard(page) !== asksForCard(document)) {
    location.reload() // another page now, or the card is asked for no more: what was typed is kept
    return false
  }
  for (const part of document.querySelectorAll("[data-refresh]")) part.replaceWith(page.getElementById(part.id) ?? "")
  return true
}
