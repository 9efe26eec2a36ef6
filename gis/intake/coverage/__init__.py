"""Features of a layer that must cover without overlap or gap: where they overlap, where they leave holes."""
