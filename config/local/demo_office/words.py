"""What the invented pool is made of: names, places, facilities."""

from typing import NamedTuple

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕单仇"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂梅文辉建国华红玉春生福贵荣海燕志学"
VILLAGES = ("新立村", "东河村", "双桥村", "向阳村", "柳树村", "永安村")


class County(NamedTuple):
    """One county office."""

    code: str
    name: str
    name_en: str
    division_code: str
    townships: tuple[str, ...]
    phone: str
    address: str


class Place(NamedTuple):
    """One facility, with the level it has held since 2015."""

    number: int
    name: str
    level: int
    is_local: bool = True


POOL_CODE = "qinghe"
POOL_NAME = "青禾市医疗保障事务中心（演示）"
POOL_NAME_EN = "Qinghe Medical Insurance Centre (demonstration)"
REGION = "990000_qinghe"

COUNTIES = (
    County(
        "qingshan",
        "青山县医疗保障局（演示）",
        "Qingshan County Medical Insurance Office (demonstration)",
        "990121",
        ("城关镇", "青山镇", "石桥乡", "白云乡"),
        "0000-1000001",
        "青山县示例路 1 号",
    ),
    County(
        "hechuan",
        "禾川县医疗保障局（演示）",
        "Hechuan County Medical Insurance Office (demonstration)",
        "990122",
        ("禾川镇", "南渡镇", "大坪乡"),
        "0000-1000002",
        "禾川县示例路 2 号",
    ),
)

PLACES = (
    Place(1, "青禾市第一人民医院", 3),
    Place(2, "青禾市中医院", 3),
    Place(3, "青禾市妇幼保健院", 3),
    Place(4, "青禾市第二人民医院", 2),
    Place(5, "青山县人民医院", 2),
    Place(6, "青山县中医院", 2),
    Place(7, "禾川县人民医院", 2),
    Place(8, "禾川县妇幼保健院", 2),
    Place(9, "青山县康复医院", 1),
    Place(10, "禾川县第二医院", 1),
    Place(11, "城关镇中心卫生院", 0),
    Place(12, "青山镇卫生院", 0),
    Place(13, "石桥乡卫生院", 0),
    Place(14, "白云乡卫生院", 0),
    Place(15, "禾川镇中心卫生院", 0),
    Place(16, "南渡镇卫生院", 0),
    Place(17, "大坪乡卫生院", 0),
    Place(18, "省立示例医院", 3, is_local=False),
    Place(19, "邻市示例人民医院", 2, is_local=False),
    Place(20, "外省示例肿瘤医院", 3, is_local=False),
)

# How often each category is recognised, and by whom.
CATEGORIES = (
    ("minimum_living", 10, "民政局"),
    ("extreme_poverty", 4, "民政局"),
    ("near_poor", 4, "民政局"),
    ("returned_to_poverty", 3, "乡村振兴局"),
    ("lifted_from_poverty", 4, "乡村振兴局"),
    ("severely_disabled", 2, "残疾人联合会"),
)


def facility_code(place: Place) -> str:
    """Return the national code of an invented facility."""
    return f"H990100{place.number:05d}"
