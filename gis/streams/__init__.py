"""Answers of any size: features as chunks of bytes, made while they are read, in bounded memory."""

from __future__ import annotations

from gis.streams.csv import csv
from gis.streams.flatgeobuf import flatgeobuf
from gis.streams.geojson import feature_collection, text_sequence
from gis.streams.parquet import parquet
from gis.streams.traversal import Told, Traversal, traversal

__all__ = ["Told", "Traversal", "csv", "feature_collection", "flatgeobuf", "parquet", "text_sequence", "traversal"]
