"""What zones ask of the city when they are built: who comes, and whether schools, water, drains and streets hold."""
