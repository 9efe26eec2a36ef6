"""First floor: the engine. It stores, draws and questions the city and knows no HTTP."""
