"""A local Twilio: takes text messages over HTTP as Twilio does, and tells what became of them. Run as its own process.

    python -m messaging.simulator --port 12112 --keep var/texts

It knows nothing of Tithi, and imports nothing of it.
"""
