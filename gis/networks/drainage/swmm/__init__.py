"""Storms simulated in drains by the engine of EPA SWMM 5: models written and read, run in a process of their own."""
