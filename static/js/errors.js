// After a refused form the summary of what to fix takes the focus.
document.querySelector("[data-error-summary]")?.focus()
