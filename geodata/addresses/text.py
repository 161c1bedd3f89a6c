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
    "縣區鎮鄉東廣蘇貴龍門陽陰雲寧慶興爾齊濱島縉潁衛輝錫揚鹽無溫麗臺灣蕪銅鳳宮蕭蘄黃鄖瀏禮張遠賓欽臨樂瓊萬國綿瀘榮達鄰資銀畢節劍蘭賽關隴肅靈鹹漢綏馬壽莊澤濟濰萊棗費單"
    "鄒鄭開豐長連錦營盤鐵嶺葉龜璦遜橋從會鶴雞撫順環滄鄲運呂晉絳溝灘頭堅強後裡裏義烏諸餘應賀樓閣號棟層實驗處業學園經發術產吳崑崙徑漣響贛鉛華貢瑤彌瀾滬閩漲蕩潛渦靜閘盧"
    "匯嶽羅豬橫鷹勝蒼進鐘鍾潔濃懷來邊綠沖衝涼壩團軍農場鴨圖們瀋遼鳥鮮維獨蘆筆蓮雙陸鐸漁滿閻韓趙滎鞏嵐籬縱線網緯紅純紹約級紙條過還這郵釣鋼錢鏡間隊階際隨險雜難電靄韋項"
    "預頂領願類風飛館饒駐駿騰驛魚鮑鯉鵝鷺麥點齡倉個億傑備僑儀優兩冊凍凱劉則創勞勢勵勳協卻參叢員啟喬嘯圍圓聖執報塊塵墊墾壯壺夾奧奮婁孫寶審將專尋對導屆岡峽嶗巖幫庫廟廠"
    "廳彎彙徵恆愛戲戶掃換揮損撥據擴攔敵數斷書曉曬曆歷朧極槍構樁標樹機檢檸權歡歲歸殘毀氣決況淺淵渾湯準漿潤澆澗濁濕灑煙煉燈爐牆獅獎獲現瑪璽甕畝畫療眾碭碼礦禪種稅穀穩窩"
    "競築簡糧紡結絡給統絲緣編縫總績織繡繼續羣聞聯聲職腳膠臘與舉舊艦艱蓋蔣薈藍藝藥蘊蝦補裝複規視觀觸訂計訓記設許評試詩話該語誠課調談請論謝證識護變讓豎財貨販購貿賴贊贏"
    "車軸較載輪轉辦邁郟鄆醫釐針鈴鉅鋪錄鎖鏈鑲鑿閉陝陳離霧頡頤額顏顯飯飲飾養駱騎驢髮鬆鬥魯鮁鯨鳴鵬鸞黨齒莢蔔峯牀淶灤濼漵瀟灃灄",
    "县区镇乡东广苏贵龙门阳阴云宁庆兴尔齐滨岛缙颍卫辉锡扬盐无温丽台湾芜铜凤宫萧蕲黄郧浏礼张远宾钦临乐琼万国绵泸荣达邻资银毕节剑兰赛关陇肃灵咸汉绥马寿庄泽济潍莱枣费单"
    "邹郑开丰长连锦营盘铁岭叶龟瑷逊桥从会鹤鸡抚顺环沧郸运吕晋绛沟滩头坚强后里里义乌诸余应贺楼阁号栋层实验处业学园经发术产吴昆仑径涟响赣铅华贡瑶弥澜沪闽涨荡潜涡静闸卢"
    "汇岳罗猪横鹰胜苍进钟钟洁浓怀来边绿冲冲凉坝团军农场鸭图们沈辽鸟鲜维独芦笔莲双陆铎渔满阎韩赵荥巩岚篱纵线网纬红纯绍约级纸条过还这邮钓钢钱镜间队阶际随险杂难电霭韦项"
    "预顶领愿类风飞馆饶驻骏腾驿鱼鲍鲤鹅鹭麦点龄仓个亿杰备侨仪优两册冻凯刘则创劳势励勋协却参丛员启乔啸围圆圣执报块尘垫垦壮壶夹奥奋娄孙宝审将专寻对导届冈峡崂岩帮库庙厂"
    "厅弯汇征恒爱戏户扫换挥损拨据扩拦敌数断书晓晒历历胧极枪构桩标树机检柠权欢岁归残毁气决况浅渊浑汤准浆润浇涧浊湿洒烟炼灯炉墙狮奖获现玛玺瓮亩画疗众砀码矿禅种税谷稳窝"
    "竞筑简粮纺结络给统丝缘编缝总绩织绣继续群闻联声职脚胶腊与举旧舰艰盖蒋荟蓝艺药蕴虾补装复规视观触订计训记设许评试诗话该语诚课调谈请论谢证识护变让竖财货贩购贸赖赞赢"
    "车轴较载轮转办迈郏郓医厘针铃巨铺录锁链镶凿闭陕陈离雾颉颐额颜显饭饮饰养骆骑驴发松斗鲁鲅鲸鸣鹏鸾党齿荚卜峰床涞滦泺溆潇沣滠",
)
"""Traditional characters that occur in division names and beside them; no full converter."""

_LETTER_BY_LETTER: Final = 0.8
_SPACE_OF_NO_WEIGHT: Final = re.compile("(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")


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
    """Key under which a correction of this address is remembered.

    `normalise` without its spaces, save those between two numbers: 1-2号 is not 12号.
    """
    return _SPACE_OF_NO_WEIGHT.sub("", normalise(text)).casefold()
