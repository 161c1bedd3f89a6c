"""Text of an address as people type it -> text that can be compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_READ: Final = 160
"""Characters that are read. Divisions stand in the first dozens; the bound keeps time bounded."""

MAX_NORMALISED: Final = 2_000
SEPARATOR: Final = " "

TRADITIONAL: Final = str.maketrans(
    "縣區鎮鄉東廣蘇貴龍門陽陰雲寧慶慶興爾齊濱島縉潁衛輝錫揚鹽無溫麗衢臺灣蕪滁銅鳳宮蕭蘄黃襄鄖"
    "湘瀏禮岳張遠貴賓欽臨溪儋樂瓊萬國綿瀘榮達鄰資筠遵銀銅畢節劍麗楚蘭賽關隴肅靈鹹渭漢綏勉紅"
    "馬壽莊澤濟濰萊棗莒費滕單鄒曹聊濮許漯鄭開封鶴輯豐長連錦營盤鐵嶺葉龜璦遜橋從會鶴雞撫順鞍"
    "環滄衡邯鄲邢運呂晉絳溝灘頭堅強後裡裏義烏諸暨餘應賀樓閣號棟單層實驗處營業學園經濟開發術產",
    "县区镇乡东广苏贵龙门阳阴云宁庆庆兴尔齐滨岛缙颍卫辉锡扬盐无温丽衢台湾芜滁铜凤宫萧蕲黄襄郧"
    "湘浏礼岳张远贵宾钦临溪儋乐琼万国绵泸荣达邻资筠遵银铜毕节剑丽楚兰赛关陇肃灵咸渭汉绥勉红"
    "马寿庄泽济潍莱枣莒费滕单邹曹聊濮许漯郑开封鹤辑丰长连锦营盘铁岭叶龟瑷逊桥从会鹤鸡抚顺鞍"
    "环沧衡邯郸邢运吕晋绛沟滩头坚强后里里义乌诸暨余应贺楼阁号栋单层实验处营业学园经济开发术产",
)
"""Traditional characters that occur in division names and beside them; no full converter."""

_JOINED = re.compile(r"[一-鿿]|[0-9A-Za-z]+")
_LETTER_BY_LETTER: Final = 0.8


def normalise(text: str) -> str:
    """Fold widths and traditional characters; every run of other signs becomes one space.

    Chinese characters, digits and Latin letters stay. Text typed with a space after every
    character is joined again. At most 2,000 characters come back.
    """
    folded = unicodedata.normalize("NFKC", text[: 2 * MAX_NORMALISED]).translate(TRADITIONAL)
    tokens: list[str] = []
    glued = False
    for character in folded:
        if unicodedata.category(character) in ("Cf", "Mn"):
            continue  # zero-width marks and accents separate nothing
        if "一" <= character <= "鿿" or character == "〇" or character.isalnum():
            if glued:
                tokens[-1] += character
            else:
                tokens.append(character)
            glued = True
        else:
            glued = False
    if len(tokens) >= 4 and sum(len(t) == 1 for t in tokens) / len(tokens) >= _LETTER_BY_LETTER:
        return "".join(tokens)[:MAX_NORMALISED]
    return SEPARATOR.join(tokens)[:MAX_NORMALISED]


def address_key(text: str) -> str:
    """Key under which a correction of this address is remembered: `normalise` without spaces."""
    return normalise(text).replace(SEPARATOR, "").casefold()
