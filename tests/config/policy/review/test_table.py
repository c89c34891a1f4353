from config.policy.review.table import table, width


def test_chinese_characters_take_two_places():
    assert width("佳木斯 ab") == 9
    assert (
        table(("name", "x"), [("佳木斯", "1"), ("ab", "22")])
        == "name    x\n------  --\n佳木斯  1\nab      22"
    )
