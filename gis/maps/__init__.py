"""Maps as one file: layers painted as declared on a Folium map that asks nothing of any network."""

from gis.maps.comparing import compare
from gis.maps.drawing import draw, save

__all__ = ["compare", "draw", "save"]
