// The owner's browser knows their time zone; it is chosen for them as long as they have not answered.
const field = document.querySelector("select[name=timezone]")
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
if (field && [...field.options].some((option) => option.value === zone)) field.value = zone
