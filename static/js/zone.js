// Times are the salon's. Where the visitor's clock reads differently, say what it will show, date included.
const format = (zone) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  })

// `Tue 4 Nov, 10:30`, as the page writes it.
function reading(instant, zone) {
  const parts = format(zone).formatToParts(instant).map(({ type, value }) => [type, value])
  const { weekday, day, month, hour, minute } = Object.fromEntries(parts)
  return `${weekday} ${day} ${month}, ${hour}:${minute}`
}

function tell() {
  // Looked up each time: a choice that changes the page in place brings a new note.
  const note = document.querySelector("[data-zone-note]")
  if (!note) return
  const chosen = document.querySelector("[name=start]:checked")
  const instant = new Date((chosen ?? document.querySelector("[name=start]"))?.value ?? note.dataset.instant ?? Date.now())
  const theirs = reading(instant, note.dataset.zone)
  const mine = reading(instant)
  note.hidden = theirs === mine
  const place = Intl.DateTimeFormat().resolvedOptions().timeZone.split("/").pop().replaceAll("_", " ")
  note.textContent = chosen || note.dataset.instant
    ? `On your own clock (${place}) that is ${mine}.`
    : `Your own clock (${place}) differs: ${theirs} at the salon is ${mine} for you.`
}

tell()
document.addEventListener("change", tell)
document.addEventListener("swapped", tell)
