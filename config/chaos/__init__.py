"""A thousand presses of the money buttons while Stripe fails and processes are killed; then both ledgers are compared.

Everything is real but Stripe itself: web servers and workers as `make run` starts them, presses over HTTP, the local
Stripe as a process of its own. `run` tells the story; `world` makes salons and processes, `presses` what is pressed,
`killing` who dies, `judging` compares. `wrong` is a worker that tries again in the obvious, wrong way: the comparison
must find out, or it is blind.

`month` is another story: a month of many salons' messages on a moving clock (`clockwork`), counted by a mail server
(`sink`). `wrong_mail` is the sender its judge has to catch.
"""
