"""Second floor: the door. It speaks HTTP and leaves every question to the engine."""
