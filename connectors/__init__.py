"""Connectors turn a vendor's wire format into ``iepcore`` values and back; each vendor has its own room."""
