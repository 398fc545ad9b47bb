// Keeps a colour's inputs alike and its sample up to date. Without this file the server takes the one that was changed.
const COLOR = /^#?([0-9a-f]{6})$/i

function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const share = parseInt(color.slice(start, start + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function draw(sample, color) {
  const white = 1.05 / (luminance(color) + 0.05) >= 4.5 // as tenants/branding.py has it
  sample.querySelector("rect").setAttribute("fill", color)
  sample.querySelector("text").setAttribute("fill", white ? "#ffffff" : "#000000")
  sample.querySelector("[data-ink]").textContent = white ? "white" : "black"
}

document.addEventListener("input", (event) => {
  const group = event.target.closest("[data-color]")
  const found = group && event.target.value.trim().match(COLOR)
  if (!found) return
  const color = `#${found[1].toLowerCase()}`
  const written = group.querySelector(".color-own .input")
  if (event.target !== written) written.value = color
  group.querySelector("[type=color]").value = color
  for (const ready of group.querySelectorAll("[type=radio]")) ready.checked = ready.value === color
  const sample = group.querySelector("[data-sample]")
  if (sample) draw(sample, color)
})
