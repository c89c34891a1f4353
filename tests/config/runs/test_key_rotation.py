"""The key changes while people work: every row is found at every moment, and none is doubled."""

import base64
import threading
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from config.errors import Conflict, NotKnown
from config.identity.digest import digest_steps, keyed_digest
from config.identity.keys import key_ring
from config.offices.acting import run_in_office
from config.runs import key_rotation, services, work
from config.runs.key_rotation import SealedTable, sealed_stores, stale_counts
from config.runs.models import Finding, Run
from enrollment.models import Person
from enrollment.selectors.search import person_search
from enrollment.services.person import PersonInput, person_register
from tests.factories.acts import recorded
from tests.factories.enrollment import id_number, make_person
from tests.factories.offices import make_user

OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))
pytestmark = pytest.mark.row("G9")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(key_rotation, "ROWS_PER_CHUNK", 4)


@pytest.fixture
def keys(settings):
    def listed(*entries):
        settings.ID_NUMBER_KEYS = list(entries)

    listed(OLD)
    return listed


@pytest.fixture
def pool(offices, keys):
    """Make people of two counties under the old key, and two administrators of the pool."""
    with recorded(offices.pool):
        for office in (offices.east, offices.west):
            with run_in_office(office):
                for number in range(6):
                    person = make_person(office)
                    person.phone = f"1390000{number:04d}" if number % 2 else ""
                    person.phone_digest = (
                        keyed_digest(key_ring(), f"1390000{number:04d}", "phone")
                        if number % 2
                        else ""
                    )
                    person.save()
    makers = [make_user(offices.pool, "administrator", username=name) for name in ("one", "two")]
    return SimpleNamespace(pool=offices.pool, east=offices.east, west=offices.west, makers=makers)


def planned(pool):
    with run_in_office(pool.pool, pool.makers[0]):
        return services.run_plan("key_rotation", "演练", to_key=key_ring().current.key_id)


def approved(pool):
    run = planned(pool)
    with run_in_office(pool.pool, pool.makers[1]):
        return services.run_approve(run)


def finish(run):
    while work.work_one(run.pk):
        pass
    return as_it_stands(run)


def as_it_stands(run):
    with run_in_office(run.office):
        return Run.objects.get(pk=run.pk)


def people(pool):
    with run_in_office(pool.pool):
        return list(Person.objects.order_by("pk"))


def numbers(pool):
    return {person.pk: (person.id_number.plain(), person.phone.plain()) for person in people(pool)}


def test_afterwards_nothing_is_sealed_with_the_old_key_and_everything_reads_as_before(
    pool, keys, tried
):
    before = numbers(pool)
    keys(NEW, OLD)
    with run_in_office(pool.pool):
        assert stale_counts() == {"enrollment.person": 12}
        history = Person.history.rel.related_model.objects.count()
        run = finish(approved(pool))
        assert (run.state, run.counts["rows_done"], run.counts["chunks"]) == ("done", 12, 3)
        assert stale_counts() == {}
        assert Person.history.rel.related_model.objects.count() == history
    keys(NEW)
    tried(len(before))
    assert numbers(pool) == before
    for person in people(pool):
        plain, phone = before[person.pk]
        assert person.id_digest == keyed_digest(key_ring(), plain, "id_number")
        assert person.phone_digest == (keyed_digest(key_ring(), phone, "phone") if phone else "")


def test_between_two_chunks_everybody_is_found_by_number_and_phone(pool, keys, tried):
    clerk = make_user(pool.east, "clerk")
    before = numbers(pool)
    keys(NEW, OLD)
    run = approved(pool)
    while work.work_one(run.pk):
        with run_in_office(pool.east, clerk):
            for person in Person.objects.all():
                tried(1)
                plain, phone = before[person.pk]
                assert [found.pk for found in person_search(plain)] == [person.pk]
                if phone:
                    assert person.pk in {found.pk for found in person_search(phone)}


@pytest.mark.parametrize("ring", [(OLD, NEW), (NEW, OLD)])
def test_in_mid_rotation_no_number_is_registered_twice_not_even_elsewhere(pool, keys, ring, tried):
    before = numbers(pool)
    keys(NEW, OLD)
    run = approved(pool)
    work.work_one(run.pk)
    work.work_one(run.pk)
    keys(*ring)
    with run_in_office(pool.east, make_user(pool.east, "clerk")):
        for plain, _phone in before.values():
            tried(1)
            with pytest.raises(Conflict) as error:
                person_register(PersonInput("示例", plain))
            assert error.value.code == "enrollment.person.known_in_the_pool"
    assert len(people(pool)) == 12


def test_without_the_steps_the_same_number_would_be_registered_twice(pool, keys, monkeypatch):
    """The control: a digest under the current key alone misses who has the old one."""
    monkeypatch.setattr(
        "enrollment.services.person.digest_steps",
        lambda ring, text, purpose: digest_steps(ring, text, purpose)[-1:],
    )
    plain, _phone = numbers(pool)[people(pool)[0].pk]
    keys(NEW, OLD)
    with run_in_office(pool.west, make_user(pool.west, "clerk")):
        person_register(PersonInput("示例", plain))
    assert len(people(pool)) == 13


@pytest.mark.django_db(transaction=True)
def test_two_desks_with_differently_ordered_keys_register_one_person(pool, keys, settings):
    """A rolling restart: one process seals with the old key, another one with the new."""
    clerks = [make_user(office, "clerk") for office in (pool.east, pool.west)]
    number = id_number(999_001, people(pool)[0].birth_on)
    rings = [key_ring_of(OLD, NEW), key_ring_of(NEW, OLD)]
    answers = []
    barrier = threading.Barrier(2)

    def register(place):
        try:
            with run_in_office((pool.east, pool.west)[place], clerks[place]):
                facts = PersonInput("示例", number)
                barrier.wait(10)
                with transaction.atomic():
                    answers.append(person_register(facts).pk)
        except Conflict as conflict:
            answers.append(conflict.code)
        finally:
            connections.close_all()

    by_thread = {}
    ring_of_thread = lambda: by_thread[threading.get_ident()]  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("enrollment.services.person.key_ring", ring_of_thread)
        patch.setattr("config.identity.fields.key_ring", ring_of_thread)

        def started(place):
            by_thread[threading.get_ident()] = rings[place]
            register(place)

        desks = [threading.Thread(target=started, args=(place,)) for place in range(2)]
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join()
    assert len(people(pool)) == 13
    assert "enrollment.person.known_in_the_pool" in answers


def key_ring_of(*entries):
    return type(key_ring()).read(entries)


def test_what_an_older_process_wrote_meanwhile_is_sealed_before_the_end(pool, keys):
    keys(NEW, OLD)
    run = approved(pool)
    work.work_one(run.pk)
    keys(OLD, NEW)
    with run_in_office(pool.east), recorded():
        make_person(pool.east)
    keys(NEW, OLD)
    run = finish(run)
    assert (run.state, run.rounds, run.counts["rows_done"]) == ("done", 1, 13)


def test_a_seal_that_cannot_be_opened_is_set_aside_and_told(pool, keys):
    with run_in_office(pool.pool), recorded():
        Person.objects.filter(pk=people(pool)[0].pk).update(
            id_number=people(pool)[1].id_number.__class__("aesgcm1:k1:broken", "id_number")
        )
    keys(NEW, OLD)
    run = finish(approved(pool))
    assert (run.state, run.counts["rows_done"]) == ("done_with_findings", 11)
    with run_in_office(pool.pool):
        assert Finding.objects.get().code == "identity.seal.broken"
    with pytest.raises(CommandError):
        call_command("key_rotate", "--check")


def test_a_worker_with_other_keys_stops_the_run_and_costs_no_attempt(pool, keys):
    keys(NEW, OLD)
    run = approved(pool)
    keys(OLD)
    assert not work.work_one(run.pk)
    run = as_it_stands(run)
    assert (run.state, run.stopped_because) == ("paused", "runs.key.other_ring")
    keys(NEW, OLD)
    with run_in_office(pool.pool, pool.makers[1]):
        services.run_resume(run)
    assert finish(run).state == "done"


def test_the_command_plans_and_another_administrator_approves(pool, keys, capsys):
    with pytest.raises(CommandError):
        call_command("key_rotate", "--by", "one", "--reason", "演练")
    keys(NEW, OLD)
    for wrong in (["--by", "nobody", "--reason", "演练"], ["--by", "one"]):
        with pytest.raises(CommandError):
            call_command("key_rotate", *wrong)
    call_command("key_rotate", "--by", "one", "--reason", "演练")
    assert "12 rows" in capsys.readouterr().out
    with run_in_office(pool.pool, pool.makers[1]):
        run = services.run_approve(Run.objects.get())
    assert finish(run).state == "done"
    call_command("key_rotate", "--check")
    assert "may go" in capsys.readouterr().out


def test_every_sealed_column_of_the_product_is_found_with_its_digest():
    found = {
        (store.part, column.attname, column.digest_field)
        for store in sealed_stores()
        if isinstance(store, SealedTable)
        for column in store.columns
    }
    assert {
        ("enrollment.person", "id_number", "id_digest"),
        ("enrollment.person", "phone", "phone_digest"),
    } <= found
    with pytest.raises(NotKnown):
        key_rotation.store_of("nothing")
