// Where the visitor is, so that nobody writes to them at night. Without this the salon's zone counts.
const field = document.querySelector("input[data-own-zone]")
if (field) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""
