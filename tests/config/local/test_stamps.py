from config.local.stamps import Stamps, digest_of_files


def test_a_step_runs_again_when_what_it_was_made_from_changes(tmp_path):
    migration = tmp_path / "0001_initial.py"
    migration.write_text("first")
    stamps = Stamps(tmp_path / "stamps")
    digest = digest_of_files([migration], "packages")
    assert not stamps.is_fresh("migrate", digest)
    stamps.set("migrate", digest)
    assert stamps.is_fresh("migrate", digest_of_files([migration], "packages"))
    assert not stamps.is_fresh("migrate", digest_of_files([migration], "newer packages"))
    migration.write_text("second")
    assert not stamps.is_fresh("migrate", digest_of_files([migration], "packages"))


def test_facts_and_files_do_not_run_into_each_other(tmp_path):
    assert digest_of_files([], "ab", "c") != digest_of_files([], "a", "bc")
