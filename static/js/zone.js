// Times are the salon's. Where the visitor's clock reads differently, say what it will show, date included.
const note = document.querySelector("[data-zone-note]")
const format = (zone) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  })

function readings(instant) {
  return [format(note.dataset.zone).format(instant), format().format(instant)]
}

function tell() {
  const chosen = document.querySelector("[name=start]:checked")
  const instant = new Date((chosen ?? document.querySelector("[name=start]"))?.value ?? note.dataset.instant ?? Date.now())
  const [theirs, mine] = readings(instant)
  note.hidden = theirs === mine
  const place = Intl.DateTimeFormat().resolvedOptions().timeZone.split("/").pop().replaceAll("_", " ")
  note.textContent = chosen || note.dataset.instant
    ? `On your own clock (${place}) that is ${mine}.`
    : `Your own clock (${place}) differs: ${theirs} here is ${mine} there.`
}

if (note) {
  tell()
  document.addEventListener("change", tell)
  document.addEventListener("swapped", tell)
}
