"""The log of changes, written in the transaction that makes them, and how it proves a copy fresh."""
