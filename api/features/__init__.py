"""Layers and their features over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from api.features import items, listing, schemas
from api.features.parameters import MOST_FEATURES

__all__ = ["MOST_FEATURES", "router"]

router = APIRouter()
for _room in (listing, schemas, items):
    router.include_router(_room.router)
