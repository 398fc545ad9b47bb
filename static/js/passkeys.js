// Passkeys need a browser that knows them: their buttons show themselves where it does, and say so when it did not work.
if (window.PublicKeyCredential) {
  for (const box of document.querySelectorAll("[data-passkey]")) box.hidden = false
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  for (const line of document.querySelectorAll("[data-passkey-problem]")) line.hidden = false
})
