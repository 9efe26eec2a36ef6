"""Scenarios over HTTP: looked at by everyone; opened, edited, merged and dropped by who has the token."""
