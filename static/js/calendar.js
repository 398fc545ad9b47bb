// Makes the day and the week of the calendar draggable; without this script the page is a list, with forms.
// Places on the calendar are wall times of the salon without a zone: the server alone turns them into instants.
const settings = JSON.parse(document.querySelector("#cal-settings").textContent)
const box = document.querySelector("#cal")
const said = document.querySelector("#cal-said")
const offer = document.querySelector("#cal-offer")
const question = document.querySelector("#cal-ask")
const isDay = settings.view === "day"
const HOUR = 3600000
const STEP = 15 * 60

// The grid's own Dates are on the browser's wall, where an hour may be missing: places are read from its text, and moved by lengths.
const at = (place) => new Date(`${place.slice(0, 19)}Z`)
const iso = (date) => date.toISOString().slice(0, 19)
const moved = (place, { days, seconds }) => iso(new Date(+at(place) + days * 24 * HOUR + seconds * 1000))
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" })
const midnight = (date) => Math.floor(date / (24 * HOUR)) * 24 * HOUR

const onWall = (date) => new Date(+date - date.getTimezoneOffset() * 60000)

const start = () => new Date(`${settings.date}T00:00:00Z`)

// What stands at a time of the axis: 10:00, 10:15, and 01:00 (EST) where an hour comes twice. `first` is the day it belongs to.
function written(date, first = start()) {
  const passed = isDay ? date - first : date - midnight(date)
  const hour = settings.labels[Math.floor(passed / HOUR)] ?? ""
  return hour.replace(":00", `:${String(date.getUTCMinutes()).padStart(2, "0")}`)
}

// The grid names its hours one after the other, on a day of its own choice; a long day goes on into the next.
let before = Infinity
let named = 0

function hour(local) {
  const date = onWall(local)
  if (+date <= before) named = midnight(date)
  before = +date
  return written(date, named)
}

// What the wall shows at a place, as a form takes it: where the clocks change, a day's axis counts the hours that pass.
function wall(date) {
  if (!isDay) return iso(date).slice(0, 16)
  const passed = date - start()
  const hours = Math.floor(passed / HOUR)
  const day = iso(new Date(+start() + (hours < settings.labels.length - 1 ? 0 : 24 * HOUR))).slice(0, 10)
  const label = settings.labels[hours] ?? "00:00"
  return iso(new Date(Date.parse(`${day}T${label.slice(0, 5)}:00Z`) + (passed % HOUR))).slice(0, 16)
}

// A phone shows one person's day: whose was changed last, or one's own, until somebody is chosen.
function columns() {
  const select = document.querySelector("#cal-person")
  if (!isDay || settings.chosen || !select.dataset.opens || !matchMedia("(max-width: 40rem)").matches) return settings.people
  select.value = select.dataset.opens
  return settings.people.filter((person) => person.id === select.dataset.opens)
}

// What is said, and sent ---------------------------------------------------------------------------

function say(sentence, kind, undo) {
  const notice = document.createElement("div")
  notice.className = `notice notice-${kind}`
  const line = document.createElement("p")
  line.textContent = sentence
  notice.append(line)
  if (undo) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "btn btn-text"
    button.textContent = "Undo"
    button.addEventListener("click", () => {
      button.disabled = true
      act(undo.url, undo.fields)
    })
    line.append(" ", button)
  }
  said.replaceChildren(notice)
}

async function send(url, fields) {
  const body = new URLSearchParams(new FormData(document.querySelector("#cal-press")))
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } })
    return { ok: answer.ok, ...(await answer.json()) }
  } catch {
    return { ok: false, detail: "This was not saved. Reload the page and try again." }
  }
}

// Sends a press and shows its answer; the rules that staff may set aside are asked about.
async function act(url, fields) {
  box.setAttribute("aria-busy", "true")
  let answer = await send(url, fields)
  if (answer.ask && (await sure(answer.detail))) answer = await send(url, { ...fields, override: "1" })
  box.removeAttribute("aria-busy")
  say(answer.said ?? answer.detail, answer.ok ? "good" : "bad", answer.undo)
  if (answer.ok) await refetch()
  return answer.ok
}

function sure(sentence) {
  question.querySelector("p").textContent = sentence
  question.returnValue = ""
  question.showModal()
  return new Promise((done) => {
    question.addEventListener("close", () => done(question.returnValue === "yes"), { once: true })
  })
}

// Dragging -----------------------------------------------------------------------------------------

let held = false // a refetch would take the box out of the hand
let waiting = false
const hold = () => (held = true)
const letGo = () => (held = false)

function fieldsOf(event) {
  const { kind, pk, position } = event.extendedProps
  return { kind, pk, position, view: settings.view, date: settings.date }
}

async function dropped({ event, delta, newResource, revert }) {
  const fields = fieldsOf(event)
  if (delta.days || delta.seconds) fields.start = moved(event.extendedProps.start, delta)
  if (newResource) fields.person = newResource.id
  if (!(await act(settings.drop_url, fields))) revert()
  settle()
}

async function resized({ event, endDelta, revert }) {
  if (!(await act(settings.drop_url, { ...fieldsOf(event), end: moved(event.extendedProps.end, endDelta) }))) revert()
  settle()
}

function settle() {
  held = false
  if (waiting) refetch()
}

// Alt and an arrow key move the box that has the focus.
function nudged(key, event) {
  if (key.altKey && event.startEditable !== false && key.key.startsWith("Arrow")) {
    const fields = fieldsOf(event)
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[key.key]
    const { start } = event.extendedProps
    if (!sideways) fields.start = moved(start, { days: 0, seconds: key.key === "ArrowUp" ? -STEP : STEP })
    else if (!isDay) fields.start = moved(start, { days: sideways, seconds: 0 })
    else {
      const people = ec.getOption("resources").map((person) => person.id)
      fields.person = people[people.indexOf(event.resourceIds[0]) + sideways]
      if (!fields.person) return
    }
    key.preventDefault()
    act(settings.drop_url, fields)
  }
}

// Empty places -------------------------------------------------------------------------------------

function empty(from, until, resource) {
  const person = resource?.id ?? settings.person
  const query = new URLSearchParams({ start: wall(from), person })
  const visit = `${settings.visit_url}?${query}`
  if (!settings.arranges) return location.assign(visit)
  query.set("end", wall(until))
  const whom = settings.people.find((one) => one.id === person)?.title
  const span = until - from > HOUR / 2 ? `${written(from)} – ${written(until)}` : written(from)
  offer.querySelector("h2").textContent = whom ? `${span}, ${whom}` : span
  offer.querySelector("[data-visit]").href = visit
  offer.querySelector("[data-block]").href = `${settings.block_url}?${query}`
  offer.showModal()
}

// The calendar -------------------------------------------------------------------------------------

function content({ event }) {
  const { time, detail, badge, url } = event.extendedProps
  const parts = [["b", "cal-title", event.title], ["span", "cal-time number", time], ["span", "cal-detail", detail]]
  if (badge) parts.push(["span", "cal-badge", badge])
  if (!time) return ""
  const nodes = parts.map(([tag, name, text]) => {
    const node = document.createElement(tag)
    node.className = name
    node.textContent = text
    return node
  })
  if (url) nodes[0].dataset.leads = ""
  return { domNodes: nodes }
}

function labelled({ resource }) {
  const name = document.createElement("b")
  name.textContent = resource.title
  const hours = document.createElement("span")
  hours.className = "cal-hours"
  hours.textContent = settings.people.find((one) => one.id === resource.id)?.hours ?? ""
  return { domNodes: [name, hours] }
}

// The grid calls itself a table, and holds buttons where a table has cells: to a reader they are a group of buttons.
const OF_TABLES = ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount"]

function plain() {
  for (const name of OF_TABLES)
    for (const part of box.querySelectorAll(`[${name}]:not(.ec-event, .ec-button)`)) part.removeAttribute(name)
}

let loaded = false

// Something may have come before the first hour that is shown. The calendar's own way of making room would begin at 07:43.
function widen({ from, until }) {
  if (from === settings.from && until === settings.until) return
  Object.assign(settings, { from, until })
  ec.setOption("slotMinTime", from)
  ec.setOption("slotMaxTime", until)
}

async function boxes() {
  const first = document.querySelector("#cal-boxes")
  if (first) {
    first.remove() // they came with the page; from now on they are asked for
    loaded = true
    return JSON.parse(first.textContent)
  }
  const query = new URLSearchParams(location.search)
  for (const name of ["view", "date"]) query.set(name, settings[name])
  if (settings.person) query.set("person", settings.person)
  const answer = await fetch(`${settings.events_url}?${query}`, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.status)
  const { events, hours } = await answer.json()
  loaded = true
  widen(hours)
  return events
}

const works = settings.works || settings.arranges
const ec = EventCalendar.create(box, {
  view: isDay ? "resourceTimeGridDay" : "timeGridWeek",
  date: settings.date,
  timeZone: "UTC",
  firstDay: 1,
  headerToolbar: { start: "", center: "", end: "" },
  allDaySlot: false,
  slotDuration: "00:30",
  snapDuration: "00:15",
  slotHeight: 30,
  slotMinTime: settings.from,
  slotMaxTime: settings.until,
  scrollTime: settings.scroll,
  slotEventOverlap: false,
  slotLabelFormat: hour,
  dayHeaderFormat: (day) => weekday.format(onWall(day)).replace(",", ""),
  highlightedDates: [settings.today],
  resources: columns(),
  resourceLabelContent: labelled,
  filterEventsWithResources: isDay,
  columnWidth: isDay ? "minmax(7.5rem, 1fr)" : "minmax(6rem, 1fr)",
  editable: works,
  selectable: works,
  eventSources: [{ events: boxes }],
  eventContent: content,
  eventDidMount: ({ el, event }) => {
    el.dataset.box = event.id
    el.addEventListener("keydown", (key) => nudged(key, ec.getEventById(event.id)))
  },
  eventClick: ({ event }) => event.extendedProps.url && location.assign(event.extendedProps.url),
  eventDragStart: hold,
  eventDragStop: letGo,
  eventResizeStart: hold,
  eventResizeStop: letGo,
  eventDrop: dropped,
  eventResize: resized,
  dateClick: ({ dateStr, resource }) => works && empty(at(dateStr), new Date(+at(dateStr) + HOUR / 2), resource),
  select: ({ startStr, endStr, resource }) => {
    ec.unselect()
    empty(at(startStr), at(endStr), resource)
  },
  eventAllUpdated: () => {
    plain()
    if (loaded) box.dataset.ready = "yes"
    refocus()
  },
})

let focused = null

function refocus() {
  if (focused && document.activeElement === document.body) box.querySelector(`[data-box="${CSS.escape(focused)}"]`)?.focus()
  focused = null
}

// Anybody may say that something has changed: document.dispatchEvent(new CustomEvent("tithi:changed")).
function refetch() {
  if (held) {
    waiting = true
    return
  }
  waiting = false
  focused = document.activeElement?.closest?.("[data-box]")?.dataset.box ?? focused
  ec.refetchEvents()
}

let soon
document.addEventListener("tithi:changed", () => {
  clearTimeout(soon)
  soon = setTimeout(refetch, 200)
})
document.addEventListener("visibilitychange", () => document.hidden || refetch())
setInterval(() => document.hidden || refetch(), 60000) // the line of the present moment goes on

box.hidden = false
document.querySelector("#cal-help")?.removeAttribute("hidden")
document.querySelector("#cal-plain").hidden = true
