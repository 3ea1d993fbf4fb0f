"""The vault: what it seals it opens, and nobody else does."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from iepcore.errors import IepError, InvalidValue
from lti_app.storage.vault import Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_sealed_text_opens_again() -> None:
    """Sealing hides, opening shows, whatever the alphabet."""
    vault = Vault([NEW])
    sealed = vault.seal("token مدرسه")
    assert "token" not in sealed
    assert vault.open(sealed) == "token مدرسه"


def test_the_first_key_seals_and_every_key_opens() -> None:
    """A new key in front reads what the old one sealed; after resealing the old key may go."""
    sealed = Vault([OLD]).seal("token")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == "token"
    assert Vault([NEW]).open(both.reseal(sealed)) == "token"


@pytest.mark.parametrize(
    "sealed",
    ["gAAAAABother", "", "ümlaut", Vault([OLD]).seal("x")],
    ids=["altered", "empty", "foreign", "lost-key"],  # a sealed text differs in each worker of a parallel run
)
def test_what_no_key_fits_is_unreadable(sealed: str) -> None:
    """Altered, foreign or lost-key text raises our error and shows nothing."""
    with pytest.raises(IepError, match="secret_unreadable"):
        Vault([NEW]).open(sealed)


def test_keys_are_checked_at_the_start() -> None:
    """No key and a bad key are told apart."""
    with pytest.raises(InvalidValue, match="no_secret_key"):
        Vault([])
    with pytest.raises(InvalidValue, match="not_a_secret_key"):
        Vault(["short"])
