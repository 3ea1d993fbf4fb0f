"""MemoryStore, the reference implementation of ``Store``: for tests, examples and reading what a store does."""

from __future__ import annotations

from iepcore.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryStore", "MemoryUnitOfWork"]
