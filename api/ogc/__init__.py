"""What OGC API has beside features: landing page, conformance, definition, tilesets and their grids, styles."""
