"""A protected address never reaches the other household: no page, thread or export holds it."""

from __future__ import annotations

from dataclasses import replace

from iepcore.caseload.whole_record import whole_record
from iepcore.people import AddressKind, Adult, ChannelAddress
from tests.unit.caseload.town import Town

SECRET = "hidden.away@example.org"


def protect(town: Town) -> None:
    """Give the mother an address that nobody else may have."""
    held = town.relationships["mother"]
    with town.store.write() as uow:
        adult = uow.people.adult(held.adult_id)
        assert adult is not None
        address = ChannelAddress(kind=AddressKind.MAIL, value=SECRET)
        uow.people.save_adult(replace(adult, addresses=(address,), version=adult.version + 1))
        uow.people.save_relationship(replace(held, address_protected=True, version=held.version + 1))


def test_export_of_a_child_leaves_a_protected_address_behind(each_town: Town) -> None:
    """Everybody else's addresses go along, so that the record stands alone elsewhere."""
    with each_town.store.read() as uow:
        before = repr(list(whole_record(uow, each_town.maya.id)))
    protect(each_town)
    with each_town.store.read() as uow:
        values = list(whole_record(uow, each_town.maya.id))
    adults = [one for one in values if isinstance(one, Adult)]

    assert SECRET not in repr(values)
    assert SECRET not in before
    assert () == next(one for one in adults if one.id == each_town.id("mother")).addresses
    assert any(one.addresses for one in adults)


def test_no_page_of_the_family_holds_an_address(town: Town) -> None:
    """What the other parent reads of child, conversation and rights names no address of anybody."""
    protect(town)
    father = town.caseload("father")
    page = father.home.child(town.maya.id)
    talk = father.conversation.page(town.maya.id, None)

    assert SECRET not in repr((page, talk))
    assert "Order of" not in repr((page, talk))
