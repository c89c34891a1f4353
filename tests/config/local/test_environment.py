from config.local.environment import read_facts, write_facts


def test_facts_come_back_and_only_their_owner_reads_them(tmp_path):
    path = tmp_path / "local.env"
    assert read_facts(path) == {}
    facts = {"SECRET_KEY": "a=b", "REDIS_URL": "redis://:x@127.0.0.1:1/0"}
    write_facts(path, facts)
    write_facts(path, facts)
    assert read_facts(path) == facts
    assert path.stat().st_mode & 0o777 == 0o600
