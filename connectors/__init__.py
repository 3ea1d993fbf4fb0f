"""Connectors turn a vendor's wire format into ``iepcore`` values and back; each vendor is a room of its own."""
