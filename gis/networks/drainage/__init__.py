"""Water out: sewers, manholes and outfalls as a network, what rain brings to it, and what it can carry."""
