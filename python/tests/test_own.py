"""Requests in a list, and the own API of a server: who did what, which requests wait, decisions, accounts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cardwright import CertiFlow, MimCm, OwnServer, Request, RequestStatus, Server, errors

APPROVED = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32"
"""A card of the story whose template asks for approval."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(cards=20) as server:
        yield server


def waiting(mim: MimCm) -> str:
    card = mim.card(APPROVED)
    assert card is not None
    asked = mim.retire(card, comment="left")
    assert asked.request is not None and asked.result == "awaiting approval"
    return asked.request


def second(server: Server, own: OwnServer) -> OwnServer:
    own.put_account("second", password="of the test", role="administrator")
    return CertiFlow(server.certiflow_url, ("second", "of the test")).own_server()


def test_requests_are_listed_by_status_and_target(server: Server) -> None:
    with server.mim() as mim:
        before = mim.requests()
        request = waiting(mim)
        all_of_them = mim.requests()
        assert len(all_of_them) == len(before) + 1 and all(isinstance(one, Request) for one in all_of_them)
        assert all_of_them[-1].uuid == request and all_of_them[-1].comment == "left"
        assert [one.uuid for one in mim.requests(status=RequestStatus.Pending, mine=True)] == [request]
        assert [one.uuid for one in mim.requests(status="Pending")] == [request]
        assert request in [one.uuid for one in mim.requests(open=True)]
        assert mim.requests(status="Denied") == []
        with pytest.raises(ValueError, match="contradict"):
            mim.requests(status="Pending", open=True)
        with pytest.raises(ValueError, match="Pending"):
            mim.requests(status="Waiting")  # type: ignore[arg-type]


def test_who_did_what_to_a_card_is_told(server: Server) -> None:
    with server.certiflow() as cm:
        own = cm.own_server()
        assert repr(own) == f"<OwnServer beside {server.certiflow_url}>"
        card = cm.find("02A1B3C4")
        assert card is not None
        cm.disable(card)
        cm.enable(card)
        rows = own.history(card.id)
        assert [row["operation"] for row in rows] == ["suspend", "resume"]
        assert rows[0]["account"] == server.auth[0] and rows[0]["after"] == "suspended" and rows[0]["outcome"] == "done"
        assert own.history(rows[0]["uuid"] or "") == rows
        page, following = own.audit_page(limit=1, account=server.auth[0].upper())
        assert page == rows[:1] and own.audit_page(following, card=card.id)[0] == rows[1:]
        assert list(own.audit(since="2020-01-01")) == rows
        assert list(own.audit(until="2020-01-01")) == []
        assert list(own.audit(subject="nobody")) == []
        with pytest.raises(errors.NotFound):
            own.history(99999)
        with pytest.raises(errors.AnswerError, match="since"):
            own.audit_page(since="yesterday")


def test_a_request_is_approved_by_somebody_else_or_denied(server: Server) -> None:
    with server.mim() as mim:
        own = mim.own_server()
        request = waiting(mim)
        (one,) = own.requests(card=APPROVED)
        assert (one["request"], one["status"], one["approvals"], one["needed"]) == (request, "Pending", 0, 1)
        with pytest.raises(errors.Forbidden):
            own.approve(request)
        other = second(server, own)
        assert other.approve(request)["status"] == "Approved"
        assert own.requests(status="Approved", card=APPROVED)[0]["approved_by"] == ["second"]
        with pytest.raises(errors.AnswerError):
            other.deny(request)
        with pytest.raises(errors.NotFound):
            other.deny("00000000-0000-0000-0000-00000000abcd")
        assert mim.go_on(request).done
        assert own.requests(card=APPROVED) == []


def test_accounts_are_added_and_changed(server: Server) -> None:
    with server.certiflow() as cm:
        own = cm.own_server()
        with pytest.raises(errors.NotFound, match="password"):
            own.put_account("ann", role="viewer")
        made = own.put_account("ann", password="x", role="viewer", user=APPROVED)
        assert made == {"name": "ann", "role": "viewer", "user": APPROVED, "disabled": False}
        viewer = CertiFlow(server.certiflow_url, ("ann", "x")).own_server()
        assert viewer.history(1013) == []
        with pytest.raises(errors.Forbidden):
            viewer.accounts()
        assert own.put_account("ann", disabled=True)["disabled"]
        with pytest.raises(errors.SignInFailed):
            CertiFlow(server.certiflow_url, ("ann", "x")).own_server().history(1013)
        assert [one["name"] for one in own.accounts()] == sorted(["ann", server.auth[0]])
        assert [role["name"] for role in own.roles()] == ["administrator", "operator", "viewer"]
        with pytest.raises(errors.AnswerError, match="last account"):
            own.put_account(server.auth[0], disabled=True)


def test_another_server_has_nothing_of_it() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

    class Other(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Other(("127.0.0.1", 0), Handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with CertiFlow(f"http://127.0.0.1:{other.server_port}/elsewhere/api") as cm:
            with pytest.raises(errors.NotSupported, match="cardwright serve"):
                cm.own_server().history(1013)
        other.shutdown()
