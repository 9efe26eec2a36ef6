"""The questions of the city behind OGC API Processes: listed, described by their signatures, asked, handed in as jobs."""
