"""Networks of the city: what can be reached along its streets."""
