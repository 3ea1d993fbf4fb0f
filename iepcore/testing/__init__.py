"""For tests, ours and other people's: builders of values, and contract classes an implementation must pass.

::

    from iepcore.testing import StoreContract

    class TestMyStore(StoreContract):
        @pytest.fixture
        def open_store(self):
            return lambda site_id: MyStore(site_id)
"""

from __future__ import annotations

from iepcore.testing.store_contract import StoreContract

__all__ = ["StoreContract"]
