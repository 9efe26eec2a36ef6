"""All addresses of scenarios."""

from __future__ import annotations

from fastapi import APIRouter

from api.scenarios import deliveries, items, listing, opening

router = APIRouter(tags=["scenarios"])
for _room in (listing, opening, items, deliveries):
    router.include_router(_room.router)
