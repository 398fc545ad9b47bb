// The calendar's date and person take effect at once; without this script the button beside them does it.
const form = document.querySelector("#cal-which")
form.addEventListener("change", () => form.reportValidity() && form.requestSubmit())
form.querySelector("button").hidden = true
