"""What the sidebar offers opens for whoever is offered it."""

import re

import pytest

from tests.access.table import members
from tests.access.worlds import SIGNED_IN, client_of, undone

LINK = re.compile(r'href="(/admin/[^"?#]*)"')


@pytest.mark.row("D1")
@pytest.mark.parametrize("principal", sorted(members("staff") & set(SIGNED_IN)))
def test_every_link_of_the_workbench_opens(worlds, principal, tried):
    client = client_of(worlds, principal)
    links = set(LINK.findall(client.get("/admin/").content.decode()))
    assert len(links) > 3
    closed = {}
    for link in sorted(links):
        with undone():
            status = client.get(link).status_code
        if status != 200:
            closed[link] = status
    assert closed == {}
    tried(len(links))
