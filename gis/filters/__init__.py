"""Conditions on features: CQL2 as the database understands it, over the declared public columns alone."""
