"""The engine: stores, loads, exports, draws and questions the layers of a city."""
