// "Another …" adds its row in place. `data-rows` is what a row is called, a service if it does not say. Without this file the page comes back with one row more.
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]")
  if (!add || !event.target.closest("button")) return
  event.preventDefault()
  const rows = add.closest("[data-rows]")
  const total = rows.querySelector("[name$=-TOTAL_FORMS]")
  const most = Number(rows.querySelector("[name$=-MAX_NUM_FORMS]").value)
  const template = rows.querySelector("template[data-row]")
  const row = document.createElement("div")
  row.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value)
  const group = row.firstElementChild
  total.value = Number(total.value) + 1
  group.setAttribute("aria-label", `${rows.dataset.rows || "Service"} ${total.value}`)
  template.before(group)
  group.querySelector("select, input:not([type=hidden])").focus()
  if (Number(total.value) >= most) add.remove()
})
