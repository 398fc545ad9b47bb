// On a phone the choices above a list are one row to swipe: what is chosen there stands in sight.
for (const chosen of document.querySelectorAll(".desk-people [aria-current]")) {
  const strip = chosen.parentElement
  strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2
}
