// How long the time is still kept; a warning a minute before the end, and five minutes more on request.
const hold = document.querySelector("[data-hold]")
const clock = hold.querySelector("[data-clock]")
const spoken = hold.querySelector("[data-spoken]")
const more = document.querySelector("#more")
const form = document.querySelector("#checkout")
const WARNING = 60
const until = hold.querySelector("[data-until]")
// A time that is kept for hours, as from the waiting list, says until when; nobody counts 7,000 seconds.
const COUNTED = 60 * 60
let ends = performance.now() + Number(hold.dataset.hold) * 1000
let warned = false
let timer

function tick() {
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000))
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
  clock.hidden = left > COUNTED
  until.hidden = !clock.hidden
  hold.toggleAttribute("data-urgent", left <= WARNING)
  if (left <= WARNING && !warned) {
    warned = true
    spoken.textContent = "Your time is kept for one more minute. Press “Keep it 5 minutes longer” if you need it."
  }
  if (left > 0) return
  clearInterval(timer)
  // What was typed goes along, so that nothing has to be typed twice.
  form.noValidate = true
  form.requestSubmit(document.querySelector("#release"))
}

more?.addEventListener("click", async (event) => {
  event.preventDefault()
  try {
    const answer = await fetch(more.formAction, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } })
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-hold]")
    if (!answer.ok || !fresh) throw new Error(answer.status)
    ends = performance.now() + Number(fresh.dataset.hold) * 1000
    warned = false
    spoken.textContent = "Kept for five minutes longer."
    tick()
  } catch {
    form.noValidate = true
    form.requestSubmit(more)
  }
})

timer = setInterval(tick, 1000)
tick()
