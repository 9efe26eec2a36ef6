"""The city as a planner reckons with it: people and wards, plans and their zones, parcels, services, what may be built.

Questions of `gis.analyses` share what stands here; nothing here is a question itself.
"""
