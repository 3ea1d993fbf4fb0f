"""MemoryStore, the reference implementation of ``Store``: for tests, examples and reading what it does."""

from __future__ import annotations

from iepcore.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryStore", "MemoryUnitOfWork"]
