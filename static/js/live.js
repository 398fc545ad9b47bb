// Tells the page what has changed in the salon: `tithi:changed` on the document, `detail.changes` a list of
// {kind, id, what, dates}. An empty list: look at everything. Through a socket, or by asking while there is none.
const ASK_EVERY = 20_000
const ASKS_A_LOOK = 6 // while live, every sixth time only; while asking, every sixth time all is looked at anew
const TRIES_BEFORE_ASKING = 3
const LONGEST_PAUSE = 30_000
const GATHER = 500
const NO_NEWS = 4503 // the other end has no line itself

const place = document.getElementById("live")
const spoken = document.getElementById("live-said")
let { after, since, socket: address } = place.dataset
let tries = 0
let turns = 0
let state = ""
let waiting = []
let gathering = false
let aloneAgain // what was asked of single rows is asked of the whole region a little later
const late = new Set() // regions whose news came while somebody was typing there

// What is shown -----------------------------------------------------------------------------------

function show(next) {
  const before = state
  if (next === before) return
  state = place.dataset.state = next
  place.hidden = false
  for (const words of place.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== next
  // Spoken where it matters only: news come more slowly now, or at once again, or not at all.
  const matters = next === "ended" || (next === "asking" && before) || (next === "live" && before === "asking")
  if (matters) spoken.textContent = place.querySelector(`[data-when="${next}"]`).textContent.trim()
}

// What has changed --------------------------------------------------------------------------------

// The first news at once, what follows closely together.
function heard(changes) {
  waiting.push(...changes)
  if (gathering || document.hidden) return
  gathering = true
  tell()
  setTimeout(() => {
    gathering = false
    if (waiting.length) heard([])
  }, GATHER)
}

function tell() {
  const changes = waiting
  waiting = []
  document.dispatchEvent(new CustomEvent("tithi:changed", { detail: { changes } }))
}

// The two ways to hear of it ----------------------------------------------------------------------

function open() {
  if (state === "ended") return
  const socket = new WebSocket(address)
  socket.addEventListener("open", () => {
    tries = 0
    show("live")
    ask() // what happened between the page and its socket
  })
  socket.addEventListener("message", (event) => heard([JSON.parse(event.data)]))
  socket.addEventListener("close", (event) => {
    if (state === "ended") return
    tries += 1
    show(state === "asking" || tries >= TRIES_BEFORE_ASKING || event.code === NO_NEWS ? "asking" : "waiting")
    ask()
    setTimeout(open, Math.min(LONGEST_PAUSE, 500 * 2 ** tries) * (0.5 + Math.random()))
  })
}

async function ask() {
  let answer
  try {
    const asked = `${since}?after=${encodeURIComponent(after)}`
    answer = await fetch(asked, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" })
  } catch {
    return // offline: the next time
  }
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
    show("ended")
  } else if (answer.ok) {
    const { now, changes } = await answer.json()
    after = now
    if (changes.length) heard(changes)
  }
}

setInterval(() => {
  if (document.hidden || state === "ended") return
  turns += 1
  const isLook = turns % ASKS_A_LOOK === 0
  if (state !== "live" || isLook) ask()
  if (state === "asking" && isLook) heard([])
}, ASK_EVERY)

document.addEventListener("visibilitychange", () => {
  if (document.hidden || state === "ended") return
  if (waiting.length) heard([])
  else ask()
})

// Back from the browser's memory: the page is as old as when it was left.
addEventListener("pageshow", (event) => event.persisted && ask())

// Parts of the page that fetch themselves again (data-live) ----------------------------------------

// Nothing is taken from under somebody's fingers.
function isBusy(region) {
  const field = document.activeElement
  const isTyping = region.contains(field) && field.matches("select, textarea, input:not([type=checkbox], [type=radio])")
  return isTyping || region.querySelector(":active, dialog[open]") !== null || fields(region).some(isTouched)
}

const fields = (region) => [...region.querySelectorAll("input:not([type=hidden]), select, textarea")]

function isTouched(field) {
  if (field.matches("select")) {
    const options = [...field.options]
    const preset = options.some((option) => option.defaultSelected)
    return options.some((option, at) => option.selected !== (preset ? option.defaultSelected : at === 0)) && !field.multiple
  }
  return field.matches("[type=checkbox], [type=radio]")
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue
}

const isLive = (event) => event.detail.elt.matches?.("[data-live]") && isNews(event.detail.requestConfig)
const isNews = (request) => request?.triggeringEvent?.type === "tithi:changed"

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLive(event) && isBusy(event.detail.elt)) {
    late.add(event.detail.elt)
    event.preventDefault()
  }
})

// A visit whose state alone has changed: its row first, which is quick; the lists and sums around it follow.
const KEEPS_ITS_PLACE = /^booking\.(confirmed|checked_in|completed|no_show)$/
const FOLLOWS = 600

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const start = detail.elt.dataset?.rows
  if (!start || !isNews(detail)) return
  const changes = detail.triggeringEvent.detail.changes
  const isRow = ({ kind, id, what }) =>
    kind === "visit" && KEEPS_ITS_PLACE.test(what) && detail.elt.contains(document.getElementById(start + id))
  if (!changes.length || !changes.every(isRow)) return
  detail.parameters.only = [...new Set(changes.map(({ id }) => id))].join(",")
  clearTimeout(aloneAgain)
  aloneAgain = setTimeout(() => heard([]), FOLLOWS)
})

let held = null
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isLive(event)) return
  const region = event.detail.elt
  if (isBusy(region)) {
    late.add(region)
    event.detail.shouldSwap = false
    return
  }
  const focus = region.contains(document.activeElement) ? document.activeElement : null
  held = {
    region: region.id,
    focus: focus && (focus.id ? `#${CSS.escape(focus.id)}` : sameAs(focus)),
    open: [...region.querySelectorAll("details[open][id]")].map((part) => part.id),
  }
})

function sameAs(element) {
  for (const name of ["href", "name", "action"]) {
    if (element.hasAttribute(name)) return `[${name}="${CSS.escape(element.getAttribute(name))}"]`
  }
  return null
}

document.addEventListener("htmx:afterSwap", () => {
  if (!held) return
  const { region, focus, open } = held
  held = null
  for (const id of open) document.getElementById(id)?.setAttribute("open", "")
  if (focus) document.getElementById(region)?.querySelector(focus)?.focus({ preventScroll: true })
})

setInterval(() => {
  for (const region of late) if (!region.isConnected) late.delete(region)
  if (late.size && ![...late].some(isBusy)) {
    late.clear()
    heard([])
  }
}, 1000)

if (address) open()
else show("asking")
