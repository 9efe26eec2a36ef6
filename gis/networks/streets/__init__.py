"""The streets as a network: who may go where and how fast, where people live along them, how far it is to services."""
