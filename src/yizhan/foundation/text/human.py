"""转人工 however it is said: synonyms, typos, pinyin, shouting, traditional characters, English.

A customer who asks for a person must reach one at the first asking; a customer who asks about 人工智能, or when
the hotline opens, must not be taken out of the answer he wants.
"""

import re

from yizhan.foundation.text.fold import simplify

_MAX_LENGTH = 200  # a longer text is a story; the request, if any, is at its beginning or its end
_NOISE = re.compile(r"[^\w?]+|_+")

# 人工 as part of another word. What follows is cut out before anything is looked for.
_NOT_A_PERSON = re.compile(
    r"[纯全半非]人工|人工(?:的(?:吗|么|还是|是不是)|做的|[养挖种缝]|智能|智障|湖|费|成本|授精|受精|降雨|增雨|草[坪皮地]|呼吸|复核|审核|审批|核对|核实|核验|打印"
    r"|皮革?|关节|翻译|泪液|心脏|耳蜗|晶体|合成"
    r"|养殖|种植|培育|孵化|繁[殖育]|喂养|饲养|添加|色素|香精|甜味剂?|甘味|水晶|宝石|钻石?|鱼缸"
    r"|造[雪景林浪]|岛|河|瀑布|沙滩|流产|人流|牛黄|麝香|骨"
    r"|安装|搬[运楼]|上楼|拆[卸装]|配送|送货|退[款货税]|检测|质检|验[货机]|分拣|包装|打包|录入|输入|填写"
    r"|标注|修复|清洗|洗涤?|除草|除雪|浇水|收割"
    r"|缝制|缝合|刺绣|雕刻|制作|打造|操作|控制|模式|干预|确认收货|调节|调整|设置|开单|下单|改[价派]|拦截"
    r"|派[单送]|代[买购付]|多少|贵|便宜|好贵"
    r"|工资|薪|考勤|劳[动务]|血管|膝|髋|牙|视网膜|肛门|膀胱|干燥|阅卷|评分|打分|计算|统计|记账|发卡|卡"
    r"|窗口|柜台|检票|售票|收费|收银)"
    r"|真人(?:秀|版|拍摄|照片?|实拍|电影|头像|出镜|娃娃|模特|手办|语音包?|cs|大小|比例|体验|试[用穿]|图"
    r"|发声|配音|游戏|评测)"
    r"|活人(?:微死|不|感)|(?<![跟和与])(?<!人工)(?<!真人)客服(?:电话|热线|邮箱|微信|qq|号码|几点|上班|下班|时间|态度|岗位|招聘|工资|培训"
    r"|中心地址|工号|说|回复|答应|告诉|承诺|让我|之前|昨天)"
)
# Saying one does not want a person, and asking about persons.
_REFUSAL = re.compile(
    r"(?<!为什么)(?<!为啥)(?<!凭什么)(?<!怎么)(?<!干嘛)(?<!能不能)(?<!可不可以)(?<!是不是)"
    r"(?:不用|不需要|不想要?|不必|没必要|无需|无须|不要|别|先别|先不|暂时不|勿|甭|用不着|不麻烦)(?:再"
    r"|急着|着急|给我?|帮我?|为我|老是?|总|麻烦|去|先|了)*"
    r"(?:转|找|接|叫|换|联系|打扰|切|打)*(?:接|到|给|成|入|回|了)?(?:人工|真人|活人|客服)(?:客服|服务|坐席|了)*"
)
_ABOUT_PERSONS = re.compile(
    r"(?:人工|真人|活人|客服)(?:客服|服务|坐席|座席|在线)*(?:的|是)*(?:工作|上班|下班|服务|在线|营业"
    r"|值班|接待)*(?:时间|几点|多久上班|什么时候上班|何时)"
    r"|(?:你|您|对面|这边|这里)(?:到底|究竟)?(?:是不是|是)(?:一?个)?(?:真人|活人|人工|机器人|客服|ai"
    r"|人)+(?:还是(?:真人|活人|人工|机器人|客服|ai|人))?"
    r"|^(?:现在)?(?:是不是|是)(?:真人|人工)(?:客服|服务)?(?:吗|么|\?|吧|呢)"
    r"|(?:是|算)?(?:机器人|ai|智能客服)还是(?:真人|活人|人工|人)"
    r"|(?:昨天|前天|上次|刚才|之前|上周|那天|早上|以前)(?:已经)?(?:我|有|是|和|跟|找|问|转|联系|被"
    r"|就)+(?:了|过|到)?(?:一个|你们)?(?:的)?(?:人工|真人|客服)"
    r"|(?:人工|真人)(?:客服|坐席)?(?:说(?!话)|答应|告诉|承诺|回复我(?:说|的)|让我|之前|态度|很|真|太|挺)"
)


def _short(listed: str) -> str:
    words = sorted(listed.split(), key=len, reverse=True)
    return rf"(?>(?!{_SURE_PERSON})(?:{'|'.join(words)}|真的?(?!人|的人|客服)))"


_SURE_PERSON = (
    r"(?:人工|真人|活人|真正的人|真的人|人类|真客服|坐席|座席|话务员|接线员|工作人员|客服人员|客服专员"
    r"|客服代表|专人|专员)"
)
_FETCH = (
    r"(?:转接?|找|接入?通?|连接?|要|叫|喊|换|切换?|联系|联络|呼叫|需要|请求|申请|来|上|派|给|安排|对接"
    r"|咨询|问|求|有没有|有|想|进|去|唤|出来?|帮|按|选|回|走|跳|等|召唤|滚)"
)
# One filler at a time, the longest first and never given back: 你们 is not 你 and 们, or matching would not end.
_SHORT_WORDS = _short(
    "你好 您好 亲 hi hello 哈喽 喂 出来 接电话 我 你 您 们 想 要 请 快 赶紧 "
    "赶快 马上 立刻 立即 直接 帮 给 就 能 可以 可不可以 能不能 麻烦 一下 下 位 名 到 "
    "至 去 成 为 跟 和 与 把 的 那 你们 在线 再 先 现在 必须 只 还是 来 找 得 里 "
    "怎么 怎样 如何 哪里 哪 啊 吧 了 服务 客户 售后 售前 人员 接 线 说话 聊 聊天 谈 "
    "对话 沟通 讲话 讲 好好 一个 个 正"
)
# Typing slips of 人工 and 转. They count only where nothing else can be meant: 确认工单 is not 认工.
_SLIP = re.compile(
    r"(?:(?<=转)|(?<=找)|(?<=接)|(?<=要)|(?<=转接)|(?<=转到)|(?<=请)|(?<=叫)|(?<=换)|^)"
    r"(?:人[公功攻共供弓宫恭龚]|[任仁壬忍认刃入仍八][工公功]|人士客服|人i工|人gong|ren工|人g|r工|工人"
    r"|人_工|入公|囚工|大工|人王|人土|人江)"
    r"(?=$|[\?客服坐座吧啊谢呀啦嘛呢哦])"
)
_TURN_SLIP = re.compile(r"(?:专|砖|赚|传|撰|装|钻|抓|zhuan|z|转转)(?:接|到)?(?=人工|真人|客服$)")
_KEFU = re.compile(r"ke ?fu")
_PINYIN = re.compile(r"ren ?gong|r ?e ?n ?g ?o ?n ?g|(?<![a-z])(?:zrg|zhuanrg|rgkf|zrgkf|rg)(?![a-z])")

_MAX_WHOLE = 60
_MAX_WORD = 8  # 人工 or 真人 in so few characters is the request itself
_ASKS_WHOLE = (
    re.compile(
        r"^.{0,4}(?:找|叫|换|派|来|让|给)(?:我|你们)?(?:一?个)?(?:活|真|懂的)?人"
        r"(?:来(?!取|拿|装|修|安|上|送|量|换|看|收|搬|拆)|跟|和我|给我|处理|回|接|管|啊|呀|吧|帮我|$).{0,6}$"
    ),
    re.compile(r"^.{0,4}有没有(?:个)?(?:活|真)?人(?:管|理|回|处理|接|吭声|搭理|应)(?:一下|我|了|啊|的|复|\?)*$"),
    re.compile(r"^.{0,4}有(?:个)?(?:活|真)?人(?:管|理|回|处理|接|搭理|应)(?:一下|我|复)*(?:吗|么|嘛|没|\?)+$"),
    re.compile(r"^(?:人工)+(?:客服|服务|坐席|座席|台|谢谢|在线|接听|\?)*$"),
    re.compile(
        rf"^{_SHORT_WORDS}*{_FETCH}?{_SHORT_WORDS}*{_SURE_PERSON}+(?:客服|服务|{_SHORT_WORDS}|吗|呢|呀|嘛"
        r"|谢谢|在吗|在不在|在么|在线吗|\?)*+$"
    ),
    re.compile(
        rf"^{_SHORT_WORDS}*(?:找|叫|联系|联络|呼叫|连线|接通|要|接|换|喊|来|请|有|有没有)+{_SHORT_WORDS}*(?:客服|主管|经理"
        rf"|领导|负责人|管事的?|专员|你们老板)+(?:客服|服务|{_SHORT_WORDS}|吗|呢|呀|嘛|谢谢|在吗|\?)*+$"
    ),
    re.compile(
        r"^(?:客服)+(?:人员|小姐姐|小哥)?(?:呢|在吗|在么|在不在|在哪|出来|\?|来|快来|人呢)+$|^(?:有"
        r"|来)(?:没有)?(?:个)?(?:活|真)?人(?:吗|么|嘛|没|没有|在吗|在么|在不在|啊|来|理我|\?)+$"
    ),
)
_ASKS = (
    re.compile(
        r"(?:让|叫|请)(?:你们)?的?(?:客服|真人|人工|领导|经理|主管|负责人)(?:来|回|处理|接|出|跟|和|给|联系|打)"
        r"|(?:要|想|让我|能|可以)(?:直接)?(?:跟|和|与|找)(?:你们)?的?客服(?:人员)?(?:说|聊|谈|沟通|讲|反馈)"
    ),
    re.compile(rf"{_FETCH}(?:{_SHORT_WORDS}){{0,5}}{_SURE_PERSON}"),
    re.compile(
        rf"{_SURE_PERSON}(?:客服|服务|坐席)*(?:在哪|在吗|呢|快来|出来|接一下|接听|快点|来一下|怎么转|怎么找"
        r"|怎么联系|怎么接|转一下|啥时候来|什么时候来|处理一下)"
    ),
    re.compile(
        r"转(?:接|到|给|至|去)?(?:一下|个|你们|在线|售后|售前|vip|高级|专属|真)*(?:客服|专员|坐席|座席|主管"
        r"|经理|领导|组长)"
    ),
    re.compile(
        rf"(?:我要|我想|让我|想|要|能不能|能|可以|叫|找|换|来)(?:{_SHORT_WORDS}){{0,4}}(?:跟|和|与"
        r"|同)?(?:一?个)?(?:真|活|大活|正常|会说话的|懂的|有脑子的)的?人(?:类)?(?:来|说|聊|谈|沟通|对话|讲"
        r"|处理|$|回|吧|啊|接)"
    ),
    re.compile(r"(?:想|要|让我|能不能|可以|能)(?:跟|和|与)(?:一?个)?人(?:类)?(?:说话|聊|谈|沟通|对话|讲话|讲|交流)"),
    re.compile(
        r"(?:不要|不想要?|别用|别让|不和|不跟|不想跟|不想和|讨厌|受够|关掉|退出|滚|不需要|拒绝|换掉"
        r"|烦死)(?:了|你|你们|这|这个|的|给我|再|用|跟|和|让)*(?:破|傻|智障|垃圾|烂|死)?(?:机器人?|ai"
        r"|自动回复|智能(?:客服|助手)|复读机|人机)(?:$|聊|说|回|了|客服|服务|对话|来|答|糊弄|应付|敷衍|沟通"
        r"|废话|\?)"
    ),
    re.compile(r"(?:机器人|智能客服|ai|自动回复|人机)(?:快|赶紧|请|给我)?(?:滚|走开|退下|闭嘴|让开|下去|一边去)"),
    re.compile(
        r"(?:转|找|切|连|接)(?:不|得)(?:到|了|上|通)(?:人工|真人|客服)|(?:人工|真人)(?:客服)?(?:怎么|一直"
        r"|老是|总是|都|为什么|为啥)*(?:转|找|接|打|联系|连)不(?:到|了|上|通|进)"
    ),
    re.compile(
        r"(?:为什么|为啥|凭什么|怎么)(?:不|还不|没|没有|不给|不能|就是不)(?:给)?(?:我)?(?:转|接|找|叫|换"
        r"|有)(?:接|到)?(?:人工|真人|活人|客服)"
    ),
)

# As a whole message only: a mail may begin with 客服：
_ALONE = re.compile(r"(?:(?:你好|您好|在线|人工)*客服)+\?*")

_SERVING = (
    r"(?:humans?|agents?|representatives?|reps?|operators?|real person|live (?:chat|support|person)"
    r"|customer (?:service|support|care)|support (?:team|person|staff))"
)
_ANYBODY = (
    r"(?:person|people|someone|somebody|anyone|anybody|advis[eo]r|associate|specialist|supervisor"
    r"|manager|boss|staff|staff member)"
)
_ENGLISH_MORE = (
    r"(?:touch|a|an|the|your|you|any|some|another|one|of|real|live|actual|human|living|breathing|in|from"
    r"|this|my|it|case|call|issue|customer|service|services|support|care|sales|team|please|pls|now|directly|to|with|me|through|can"
    r"|i|here)"
)
_ENGLISH = (
    re.compile(
        rf"^(?:{_ENGLISH_MORE} )*(?:humans?|real person|live (?:agent|person|chat|support|human)|agents?"
        r"|representative|rep|operator|customer (?:service|support)|human (?:agent|being|support|help"
        rf"|please)|person|real human)(?: (?:{_ENGLISH_MORE}|asap|thanks|representative|agent|operator|human"
        r"|person|there))*+$"
    ),
    re.compile(
        r"\b(?:talk|speak|speaking|talking|chat|chatting|connect|connected|transfer|transferred|put|pass"
        rf"|switch|escalate|reach|redirect|redirected|route|patch)\b(?: (?:{_ENGLISH_MORE}|over|up|on"
        rf"|directly))*? (?:{_SERVING}|{_ANYBODY})\b"
    ),
    re.compile(
        r"\b(?:hand|get|contact|want|need|give|find|prefer|request|require|is there|are there|call|bring"
        rf"|have|see|send|forward|direct)\b(?: (?:{_ENGLISH_MORE}|over|up|on|hold|touch|back|want|need|talk"
        rf"|speak|chat))*? {_SERVING}\b"
    ),
    re.compile(
        r"\b(?:get|give|find|want|need|bring|see|call) (?:me )?(?:a |the |your |another )?(?:person"
        r"|supervisor|manager|boss)\b"
    ),
    re.compile(
        r"\b(?:no|not|stop|dont want|do not want|hate|without|skip|enough)(?: (?:a|an|the|this|talking|to"
        r"|to talk|with|of|more|any|me|giving|sending|want|stupid|damn|your|chatting))* (?:bots?|robots?|chatbots?|ai"
        r"|machines?|automated)\b"
    ),
    re.compile(
        r"\b(?:help|assistance|support|answer|reply|response) (?:from|by) (?:a |an |any )?(?:real |actual |live )?"
        r"(?:human|person|agent|representative|people|someone real)\b"
    ),
    re.compile(
        r"\bany(?:one|body)(?: real| human)? (?:there|here|home|available)\b|^(?:hello |hi |hey )*any(?:one|body)$"
    ),
    re.compile(r"\b(?:real|actual|live|living) (?:human|person|people|agent|representative|human being)\b"),
)
_ENGLISH_NOT = re.compile(
    r"\b(?:travel|estate|shipping|cleaning|cooling|insurance|bleaching|booking|your|delivery|previous"
    r"|last) agents?\b(?! (?:please|now))"
    r"|\bhuman (?:resources?|hair|error|rights?|body|nature|made|size|factors?|readable|kind)\b"
    r"|\b(?:don'?t|dont|do not|no) (?:need|want|have) (?:to )?(?:talk to |speak to |speak with "
    r"|talk with )?(?:a |an |any )?(?:human|agent|person|representative|real person|operator)\b"
    r"|\b(?:am i|are you|if you are|youre|you are|if its|could you be|like|this is|is this|as)(?: (?:a"
    r"|an|the|really|actually|just|still|not|talking|speaking|chatting|interacting|to|with|or|real"
    r"|actual|live|living|computer|machine|human|humans|being|person|people|someone|bot|robot|chatbot"
    r"|agent|ai|operator|representative))+\b"
    r"|\b(?:do|did|should|must|will|would) i (?:need|have|want)? ?(?:to )?(?:talk|speak|contact"
    r"|call)(?: (?:to|with|a|an|the))* (?:someone|person|people|human|agent|representative"
    r"|customer (?:service|support))\b"
    r"|\b(?:agent|representative|rep|person|operator|supervisor|manager) (?:told|said|promised|was|who"
    r"|i spoke|hung|i talked|gave|assured|helped|yesterday)\b"
    r"|\b(?:spoke|talked|chatted|speaking earlier) (?:to|with) (?:a |an |your |the "
    r"|one of your )?(?:human|agent|person|representative|rep|operator|manager|supervisor|someone)\b"
    r"|\b(?:per|each|every|one|another|for a|other|second|for one) person\b|\bperson(?:al)? (?:account|information)\b"
    r"|\b(?:send|transfer|give|pay)(?:ing|s)? (?:it |this |money |cash |funds |a gift )?to (?:a |an "
    r"|another |some )?(?:different |other )?(?:person|someone|somebody|people)\b"
)


def asks_human(text: str) -> bool:
    """The customer asks to be served by a person."""
    plain = simplify(text)
    if len(plain) > _MAX_LENGTH:
        plain = plain[: _MAX_LENGTH // 2] + "\n" + plain[-_MAX_LENGTH // 2 :]
    return _in_chinese(plain) or _in_english(plain)


def _in_chinese(plain: str) -> bool:
    spelled = _KEFU.sub("客服", _PINYIN.sub("人工", plain))
    for clause in re.split(r"[,，。.!！;；\n~]+", spelled):
        squeezed = _NOISE.sub("", clause)
        if squeezed and _clause_asks(squeezed):
            return True
    # "人 工 ， 人 工": the stops were only emphasis.
    whole = _NOISE.sub("", spelled)
    return len(whole) <= 20 and (_clause_asks(whole) or _ALONE.fullmatch(whole) is not None)


def _clause_asks(clause: str) -> bool:
    meant = _TURN_SLIP.sub("转", _SLIP.sub("人工", _TURN_SLIP.sub("转", clause)))
    meant = _NOT_A_PERSON.sub("|", meant)
    meant = _ABOUT_PERSONS.sub("|", _REFUSAL.sub("|", meant))
    if len(meant) <= _MAX_WORD and re.search("人工|真人|活人", meant):
        return True
    if len(meant) <= _MAX_WHOLE and any(ask.match(meant) for ask in _ASKS_WHOLE):
        return True
    return any(ask.search(meant) for ask in _ASKS)


def _in_english(plain: str) -> bool:
    if not re.search(r"[a-z]{3}", plain):
        return False
    words = " ".join(re.findall(r"[a-z']+", plain.replace("’", "'"))).replace("'", "")
    return any(ask.search(_ENGLISH_NOT.sub("|", words)) for ask in _ENGLISH)
