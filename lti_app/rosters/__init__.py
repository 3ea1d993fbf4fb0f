"""Rosters of a site: the concrete sources behind its feeds, and the worker that pulls them."""
