"""What an address's words say about the road to it."""

import pytest

from api.days.intake.locating import Setting, setting_of


@pytest.mark.parametrize(
    ("text", "township", "setting"),
    [
        ("河南省郑州市中牟县官渡镇官渡村12号", "官渡镇", Setting.VILLAGE),
        ("山东省青岛市李沧区李村街道京口路8号", "李村街道", Setting.TOWN),
        ("河南省洛阳市嵩县车村镇", "车村镇", Setting.TOWNSHIP),
        ("河南省洛阳市嵩县车村镇天桥沟村", "车村镇", Setting.VILLAGE),
        ("河南省洛阳市嵩县城关镇人民路1号", "城关镇", Setting.TOWN),
        ("河南省洛阳市嵩县", "", Setting.UNCLEAR),
    ],
)
def test_a_village_in_a_townships_name_is_no_village(
    text: str, township: str, setting: Setting
) -> None:
    """Only one-car trucks go to villages: a 街道 called 李村 must not lose its carrier."""
    assert setting_of(text, township=township) is setting
