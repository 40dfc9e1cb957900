"""One plain form of a text for word lists, so that 加V信, 加 微.信 and 加薇❤信 are all 加微信.

Folding is for matching only; what was found is shown at its place in the text as written.
"""

import re
import unicodedata

import msgspec

_TRADITIONAL = (
    "萬與醜專業東絲兩嚴喪個豐臨為麗舉義烏樂喬習鄉書買亂爭虧雲亞產畝親億僅從侖倉儀們價眾優會傘偉傳傷倫偽體餘傭僉俠侶僑偵側"
    "債傾儲兒兌黨蘭關興養獸內岡冊寫軍農馮衝決況凍淨涼減湊幾鳳憑凱擊鑿劃劉則剛創刪別劑劍劇勸辦務動勵勁勞勢勳匯區醫華協單"
    "賣盧衛卻廠廳歷厲壓厭廁廂縣參雙發變敘葉號嘆後嚇嗎啟吳員聽響問啞喚園圍國圖圓聖場壞塊堅壇墳墜壘聲處備復夠頭夾奪奮獎婦"
    "媽嬌婁孫學寧寶實寵審憲宮寬賓對尋導壽將爾塵嘗堯屍盡層屆屬歲豈島嶺幣帥師帳簾幟帶幫幹並莊慶廬庫應廟龐廢開異棄張彌彎彈強"
    "歸當錄徹徑憶懺憂懷態慫憐總戀惡惱悅懸驚懼慘懲慣憤願慮慶戲戰戶撲執擴掃揚擾撫拋護報擔擬攏揀擁攔擰撥擇掛攜損撿換搗據擄擲"
    "擺搖攤敵數齋斬斷無舊時曠顯晉曬曉暫術機殺雜權條來極構槍楓櫃檸標棧棟欄樹樣檔橋檢樓歡歐殲殘毆毀畢氣氫漢湯溝沒潑澤潔淚灑"
    "淺漿測濟渾濃塗澀漲滲溫灣濕潰濺滿濾滯濫濱灘滅燈靈災爐點煉爛煩燒熱爺狀猶獨獄獵貓環現電畫暢療瘋癢皺鹽監蓋盜盤睜眾著矯礦"
    "碼磚確礙禮禍禪離種積稱穩窮竊競筆篩簽簡籃類糧緊糾紅約級紀純紗納紛紙紋紐線練組細織終紹經綁結繞給絡絕統繼績緒續維綿綜綠綴"
    "緩編緣縮總罷羅職聯聰腦臉臟與艦艱藝節蘇蘋範藥虛蟲雖蝦補襯裝見觀規視覽覺觸計訂認討讓訓議訊記講許論設訪證評識訴診詞譯試"
    "詩話誠詢該詳語誤說請諸課誰調談謝謠譽負財責貨質販貪貧購貴費貼資賠賴賬賭趕趙跡踐車軌軟轉輪輕載較輸辭邊達遷過運還這進遠違"
    "連遲適選遞郵鄰釋鑒針釘鈔鋼錢鐵鈴鉛銀銷鎖鍋錯鍵鏡長門閃閉間鬧聞閱陽陰陣階際陸陳險隨隱難霧靜頁頂項順須預領頻題額顏風飛"
    "飯飲飾餅館馬駕驗騙驟魚鮮鳥鳴麥黃齊齒龍龜妳裏衹隻製瞭佈豬嘜臺檯颱迴繫係麼甦註複徵"
)
_SIMPLIFIED = (
    "万与丑专业东丝两严丧个丰临为丽举义乌乐乔习乡书买乱争亏云亚产亩亲亿仅从仑仓仪们价众优会伞伟传伤伦伪体余佣佥侠侣侨侦侧"
    "债倾储儿兑党兰关兴养兽内冈册写军农冯冲决况冻净凉减凑几凤凭凯击凿划刘则刚创删别剂剑剧劝办务动励劲劳势勋汇区医华协单"
    "卖卢卫却厂厅历厉压厌厕厢县参双发变叙叶号叹后吓吗启吴员听响问哑唤园围国图圆圣场坏块坚坛坟坠垒声处备复够头夹夺奋奖妇"
    "妈娇娄孙学宁宝实宠审宪宫宽宾对寻导寿将尔尘尝尧尸尽层届属岁岂岛岭币帅师帐帘帜带帮干并庄庆庐库应庙庞废开异弃张弥弯弹强"
    "归当录彻径忆忏忧怀态怂怜总恋恶恼悦悬惊惧惨惩惯愤愿虑庆戏战户扑执扩扫扬扰抚抛护报担拟拢拣拥拦拧拨择挂携损捡换捣据掳掷"
    "摆摇摊敌数斋斩断无旧时旷显晋晒晓暂术机杀杂权条来极构枪枫柜柠标栈栋栏树样档桥检楼欢欧歼残殴毁毕气氢汉汤沟没泼泽洁泪洒"
    "浅浆测济浑浓涂涩涨渗温湾湿溃溅满滤滞滥滨滩灭灯灵灾炉点炼烂烦烧热爷状犹独狱猎猫环现电画畅疗疯痒皱盐监盖盗盘睁众着矫矿"
    "码砖确碍礼祸禅离种积称稳穷窃竞笔筛签简篮类粮紧纠红约级纪纯纱纳纷纸纹纽线练组细织终绍经绑结绕给络绝统继绩绪续维绵综绿缀"
    "缓编缘缩总罢罗职联聪脑脸脏与舰艰艺节苏苹范药虚虫虽虾补衬装见观规视览觉触计订认讨让训议讯记讲许论设访证评识诉诊词译试"
    "诗话诚询该详语误说请诸课谁调谈谢谣誉负财责货质贩贪贫购贵费贴资赔赖账赌赶赵迹践车轨软转轮轻载较输辞边达迁过运还这进远违"
    "连迟适选递邮邻释鉴针钉钞钢钱铁铃铅银销锁锅错键镜长门闪闭间闹闻阅阳阴阵阶际陆陈险随隐难雾静页顶项顺须预领频题额颜风飞"
    "饭饮饰饼馆马驾验骗骤鱼鲜鸟鸣麦黄齐齿龙龟你里只只制了布猪唛台台台回系系么苏注复征"
)
SIMPLIFIED: dict[int, int] = dict(zip(map(ord, _TRADITIONAL), map(ord, _SIMPLIFIED), strict=True))
"""Common traditional characters one to one; not a full conversion."""

# Written with what NFKC does not bring together: homophones, look-alikes and pinyin for what is forbidden most.
_ALIASES = {
    "微信": ("v信", "vx", "v❤", "v心", "wx", "weixin", "薇信", "徽信", "威信", "微x", "卫星号",
            "维信", "薇❤信", "微❤信", "wechat", "绿泡泡", "➕v"),
    "qq": ("扣扣", "q扣", "球球号", "秋秋号", "企鹅号", "叩叩"),
    "加": ("➕", "伽我", "佳我", "jia我"),
    "电话": ("电銛", "dianhua", "电.话"),
    "转账": ("转帐", "zhuanzhang", "转賬"),
    "支付宝": ("zfb", "zhifubao", "支付寳", "之付宝"),
    "私聊": ("四聊", "私撩", "siliao"),
    "红包": ("hongbao", "紅包", "洪包"),
    "投诉": ("tousu", "投拆", "头诉"),
}  # fmt: skip
_BY_ALIAS = {
    alias: (word + "我" if alias.endswith("我") else word) for word, aliases in _ALIASES.items() for alias in aliases
}
# A Latin alias starts where no Latin word goes on: 加wx is a disguise, a serial number ending in wx is not.
_ALIAS = re.compile(
    "|".join(
        ("(?<![a-z0-9])" if alias[0].isascii() else "") + re.escape(alias)
        for alias in sorted(_BY_ALIAS, key=len, reverse=True)
    )
)

DISGUISES = tuple(_BY_ALIAS)
_SEPARATORS = re.compile(r"(?:[^\w❤➕]|_)+")


class Folded(msgspec.Struct, frozen=True):
    """`text` in plain form; `places[i]` is where its character `i` stands in the original."""

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that `text[start:end]` was made from."""
        return self.places[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Width, case, traditional forms, separators and known disguises folded away."""
    kept: list[tuple[str, int]] = [
        (part, place)
        for place, character in enumerate(text)
        for part in unicodedata.normalize("NFKC", character).lower().translate(SIMPLIFIED)
        if _counts(part)
    ]
    plain = "".join(part for part, _ in kept)
    pieces: list[str] = []
    places: list[int] = []
    ends: list[int] = []

    def take(word: str, first: int, last: int) -> None:
        pieces.append(word)
        places.extend([kept[first][1]] * len(word))
        ends.extend([kept[last][1] + 1] * len(word))

    at = 0
    for alias in _ALIAS.finditer(plain):
        for index in range(at, alias.start()):
            take(kept[index][0], index, index)
        take(_BY_ALIAS[alias[0]], alias.start(), alias.end() - 1)
        at = alias.end()
    for index in range(at, len(kept)):
        take(kept[index][0], index, index)
    return Folded("".join(pieces), tuple(places), tuple(ends))


def squeezed(text: str) -> str:
    """As `fold`, but for disguises, without places and ten times faster: for what is usually not found."""
    return _SEPARATORS.sub("", simplify(text))


def simplify(text: str) -> str:
    """NFKC, lower case, common traditional characters made simple; separators stay."""
    return unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED)


def _counts(character: str) -> bool:
    return character.isalnum() or character in "❤➕"
