// The page that waits looks again each second. Without this file its button does.
setTimeout(() => location.reload(), 1000)
