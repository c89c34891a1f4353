"""Stored files: sealed piece by piece, under random names, given out as attachments only."""

import io
from random import Random

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.errors import DomainError
from config.identity.cipher import KeyMissing, KeyRing, SealBroken
from config.identity.file_cipher import PIECE_BYTES, opened_pieces, sealed_pieces
from config.identity.file_storage import SealedStorage
from config.offices.acting import run_in_office
from config.policy.models import PolicyDocument
from config.runs.file_stores import DocumentScans
from config.runs.kinds import Outcome
from tests.factories.offices import make_offices, make_user

OLD, NEW = "old:" + "A" * 43 + "=", "new:" + "B" * 43 + "="
RING = KeyRing.read([OLD])
SIZES = (0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 7)


def sealed(content, ring=RING):
    return b"".join(sealed_pieces(ring, [content]))


def opened(stored, ring=RING):
    return b"".join(opened_pieces(ring, io.BytesIO(stored)))


@pytest.fixture
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ID_NUMBER_KEYS = [OLD]
    return SealedStorage()


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_size_is_given_back_and_its_content_is_not_stored(size, seed):
    content = Random(seed).randbytes(size)
    stored = sealed(content)
    assert opened(stored) == content
    assert size < 8 or content not in stored
    assert sealed(content) != stored


def test_pieces_may_come_in_any_size(seed):
    content = Random(seed).randbytes(2 * PIECE_BYTES + 5)
    parts = [content[place : place + 999] for place in range(0, len(content), 999)]
    assert opened(b"".join(sealed_pieces(RING, parts))) == content


def test_whatever_is_altered_cut_moved_or_added_is_refused(seed, tried):
    dice = Random(seed)
    stored = sealed(dice.randbytes(2 * PIECE_BYTES + 100))
    other = sealed(dice.randbytes(2 * PIECE_BYTES + 100))
    piece = PIECE_BYTES + 16
    head = len(stored) - (2 * piece + 116)
    broken = [
        b"",
        stored[:3],
        stored[: head + piece],
        stored[: head + 2 * piece],
        stored + b"\0",
        stored[:head] + stored[head + piece :],
        stored[:head] + stored[head + piece : head + 2 * piece] + stored[head : head + piece],
        stored[: head + piece] + other[head + piece :],
        other[:head] + stored[head:],
    ]
    for _ in range(60):
        place = dice.randrange(len(stored))
        broken.append(
            stored[:place] + bytes([stored[place] ^ (1 << dice.randrange(8))]) + stored[place + 1 :]
        )
        broken.append(stored[: dice.randrange(len(stored))])
    for damaged in broken:
        with pytest.raises((SealBroken, KeyMissing)):
            opened(damaged)
    tried(len(broken))


@pytest.mark.parametrize("given", ["../../etc/passwd", "a/../../b.pdf", "..\\..\\x", ".", ""])
def test_a_name_that_leads_out_is_refused(storage, tmp_path, given):
    with pytest.raises(SuspiciousFileOperation):
        storage.save(f"policy_documents/{given}", ContentFile(b"content"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["文件 110.pdf", "a.b.PDF", "x", "nul\u202efdp.exe", "-rf"])
def test_the_given_name_is_never_a_path(storage, tmp_path, given):
    name = storage.save(f"policy_documents/{given}", ContentFile(b"content"))
    assert (tmp_path / name).resolve().is_relative_to(tmp_path)
    assert "110" not in name
    with storage.open(name) as stream:
        assert stream.read() == b"content"
    assert storage.size(name) == 7
    assert storage.names() == [name]
    with pytest.raises(SuspiciousFileOperation):
        storage.path(f"policy_documents/{given}")


def test_a_file_is_whole_or_not_there(storage, tmp_path):
    class Failing(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"x" * PIECE_BYTES * 2
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011  raised by the line above
        storage.save("policy_documents/a.pdf", Failing(b""))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.row("G9")
def test_stored_files_follow_the_newest_key(storage, settings, db, tried):
    documents = [
        PolicyDocument.objects.create(
            number=str(n), title="t", issuer="i", issued_on="2025-01-01", scan=f"{n}.pdf"
        )
        for n in range(3)
    ]
    for document in documents:
        document.scan.save("s.pdf", ContentFile(f"scan {document.pk}".encode()))
    store = DocumentScans()
    assert list(store.stale_ids()) == []
    settings.ID_NUMBER_KEYS = [NEW, OLD]
    damaged = documents[2].scan
    with open(damaged.storage.path(damaged.name), "r+b") as stream:  # noqa: PTH123
        stream.seek(60)
        stream.write(b"\0\0\0\0")
    ids = list(store.stale_ids())
    assert ids == [document.pk for document in documents]
    outcome = Outcome()
    store.reseal(ids, outcome, lambda: None)
    assert (outcome.done, list(outcome.set_aside)) == (2, [documents[2].pk])
    settings.ID_NUMBER_KEYS = [NEW]
    assert documents[0].scan.read() == f"scan {documents[0].pk}".encode()
    with pytest.raises(DomainError):
        documents[2].scan.read()
    tried(3)


@pytest.mark.row("D11")
def test_a_scan_is_given_out_by_its_page_to_whoever_may_see_it(storage, client, db):
    offices = make_offices()
    desk, stranger = make_user(offices.pool, "policy_desk"), make_user(None, username="stranger")
    document = PolicyDocument.objects.create(
        number="1", title="t", issuer="i", issued_on="2025-01-01"
    )
    upload = SimpleUploadedFile("扫描.html", b"<script>alert(1)</script>", "text/html")
    with run_in_office(offices.pool, desk):
        document.scan.save(upload.name, upload)
    address = document.scan.url
    assert address == reverse("admin:policy_scan", args=[document.scan.name])
    assert client.get(address).status_code == 302
    client.force_login(stranger)
    assert client.get(address).status_code in {302, 403}
    client.force_login(desk)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert client.get(address.replace(document.scan.name[-40:], "0" * 40)).status_code == 404
    page = client.get(reverse("admin:policy_policydocument_change", args=[document.pk]))
    assert address in page.content.decode()
