"""The questions of the city as OGC API Processes: listed, described by their signatures, asked, handed in as jobs."""
