"""Water supply: the network of pipes as a model that can be simulated, traced and shut in parts."""
