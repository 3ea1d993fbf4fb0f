"""Delivery: the outbox worker, the roads a notice can take, and a teacher's own Canvas connection."""
