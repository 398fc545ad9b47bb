function (salon) {
  // Runs on other people's pages: touches one element of its own, and sets styles as properties, which a strict policy allows.
  const script = document.currentScript
  const button = document.createElement("a")
  button.href = salon.link
  button.target = "_blank"
  button.rel = "noopener"
  button.title = salon.title
  button.textContent = (script && script.dataset.label) || salon.label
  for (const [name, value] of Object.entries(salon.style)) button.style.setProperty(name, value)
  if (script && script.dataset.place === "corner") {
    const corner = { position: "fixed", right: "16px", bottom: "16px", "z-index": "2147483000", "box-shadow": "0 4px 16px rgba(0,0,0,.25)" }
    for (const [name, value] of Object.entries(corner)) button.style.setProperty(name, value)
    const add = () => document.body.append(button)
    document.body ? add() : document.addEventListener("DOMContentLoaded", add)
  } else if (script) {
    script.after(button)
  }
}
