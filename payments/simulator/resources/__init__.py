"""One module per resource of the API. Importing `payments.simulator.endpoints` registers them all."""
