"""Alembic's folder, inside the package so that an installed tool can upgrade its own database."""
