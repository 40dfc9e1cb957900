"""Ways to ask for a person, and messages that only look like it."""

ASKING = """
转人工
人工
人工客服
人工服务
转人工客服
转人工服务
找人工
找人工客服
我要人工
我要转人工
我要人工客服
我想找人工
请转人工
请帮我转人工
帮我转人工
给我转人工
麻烦转人工
麻烦转一下人工
转接人工
转接人工客服
接人工
接入人工
接通人工
要人工
要人工服务
叫人工
叫人工来
喊人工
换人工
换人工客服
换个真人
切换人工
切人工
联系人工
联系人工客服
怎么联系人工
怎么转人工
如何转人工
人工怎么转
能转人工吗
可以转人工吗
能不能转人工
能帮我转接人工客服吗
需要人工
我需要人工服务
人工人工
人工人工人工
人工！！！
人工？
人工在吗
人工呢
人工客服在哪
有人工吗
有没有人工
有没有人工客服
有没有真人
来个人工
来个真人
来个活人
给我来个活人
真人
真人客服
真人服务
我要真人
我要真人客服
找真人
转真人
活人
我要找活人
找个活人跟我说话
我要和真人说话
我想跟真人聊
我要跟人说话
我想和人沟通
别用机器人糊弄我
不要机器人
我不要机器人
不想跟机器人聊
不要机器人回复
机器人滚
转客服
转接客服
找客服
我要找客服
联系客服
我要客服
叫客服来
客服呢
客服在吗
客服
在线客服
呼叫人工
呼叫人工坐席
转坐席
转人工坐席
转人工座席
转接坐席
人工坐席
转专员
找你们领导
叫你们经理来
我要找主管
转主管
有人吗
有人在吗
有没有人啊
有没有人理我
转到人工
转不到人工
为什么不给我转人工
怎么还不转人工
人工客服为什么接不通
直接转人工
立刻转人工
马上转人工
赶紧转人工
快转人工
快点给我人工
我就要人工
只要人工
转人工！！！！
转 人 工
转…人…工
人 工 客 服
转人工，谢谢
谢谢，转人工
你好，转人工
您好，请帮我转接人工客服，谢谢
你好 人工
答非所问，转人工
听不懂吗？我要人工
你说的我看不懂，给我转人工吧
转人工吧
转人工啊
转人工呀
转下人工
转一下人工
转个人工
转仁工
转任工
转人公
转人功
转人供
转入工
转认工
转工人
专人工
砖人工
传人工
赚人工
装人工
转人gong
转ren工
转rengong
zhuan人工
rengong
RENGONG
ren gong
zhuanrengong
zhuan ren gong
zrg
转rg
ＲＧ
轉人工
轉接人工客服
轉真人客服
我要真人客服，謝謝
請幫我轉人工
找真人客服
我不要人工智能，我要人工
人工智障，转人工
退款问题，转人工处理
我要退货，帮我转人工
订单有问题需要人工客服处理
投诉，转人工
算了转人工吧
还是转人工吧
0转人工
按0转人工
人工 人工 人工
我要投诉，叫你们领导出来
想和客服说话，怎么找人工
申请人工
申请人工客服
请求人工服务
求人工
求转人工
human
agent
Agent!
representative
operator
HUMAN PLEASE
real person
real person please
talk to a human
I want to talk to a human
I want to talk to a real person
I need to speak to someone
can I speak to an agent
Can I speak with a representative please
let me talk to a person
let me speak to your manager
connect me to an agent
connect me with a human
transfer me to a representative
transfer to agent
put me through to customer service
speak to a human being
get me a human
give me a real person
live agent
live chat please
is there a real person I can talk to
are there any humans here
customer service
customer support please
I don't want to talk to a bot
I dont want a robot, get me a person
no bots
stop the bot, I need a human
chat with live support
I'd like to speak with customer service
can someone transfer me to a live person
我要找人工客服投诉
转接人工服务谢谢
麻烦帮我接一下人工客服好吗
有没有真人客服可以聊
怎么才能找到人工
我需要和人工沟通
人工在线吗
请问怎么转接人工客服
不要再自动回复了，转人工
你是机器人吧，我要找真人
能找个人跟我说吗
给我转个真人客服行不行
别回了 转人工
客服人工
转人工客服！！！！
转人工转人工转人工
人工人工人工人工
我要真人服务不要机器人
叫个人来
来人
来人啊
有没有人管
让人工来
让你们客服来
让真人来回答
找你们客服
我要跟客服说
帮我联系客服
人工客服人工客服
客服客服
我要转人工！
zhuan rengong
zhuan ren gong ke fu
rengong kefu
人工kefu
转ke fu
转人工 转人工 急急急
急，人工
急！转人工客服
听不懂 人工
你听不懂人话吗 转人工
换人
换个人来
换人工来
我想转接到人工服务
请转接至人工坐席
转接真人
接真人
真人对话
人工对话
人工咨询
人工聊天
人工帮助
人工回复
人工处理
我要人工回复
能人工回复吗
人工帮我处理一下
请安排人工客服联系我
麻烦安排专人联系我
派个人跟进
打人工电话
人工电话
人工热线怎么转
我要打人工
能不能给个人工
给个人工
给我人工
找一下人工
要转人工怎么弄
怎么弄人工
不想和机器人说话
不想跟ai说话
ai滚
我不跟机器人说
Talk to human
talk to agent
human agent
Human support
i want human
want to talk with a human
can i talk to someone
can I talk to a live person
speak to representative
representative please
customer representative
let me speak with someone real
get me an operator
real human please
I want a real agent
connect to agent
I'd like to talk to a person please
is anyone there
anyone there?
hello? anyone?
escalate to a human
escalate this to a supervisor
your bot is useless, give me a human
stop giving me automated replies
this bot is useless i need help from a person
help from a human
human help
need human
need an agent asap
麻烦转接下人工客服
有人工客服没
有人工没
人工服务在哪里
人工服务怎么进
进入人工服务
进人工
人工通道
走人工通道
你好我要转接人工
找客服人员
客服人员在吗
我想咨询人工客服
在线人工
在线人工客服
人工在线客服
连线人工
连线客服
人工接待
请求转接人工
可不可以接人工啊
转接一下客服
帮我转客服
给我接客服
我要接客服
接客服
接通客服
换客服
换个客服
我要活人
给我活人
真人有吗
真人回复
真人回复我
找真人聊
我想和真人聊聊
我要和活人说话
你是智障吗转人工
什么破机器人，我要人工
垃圾机器人 转人工
不要再用机器人回复我
别让机器人回我
机器人滚开
我要投诉机器人转人工
转人工转不了
点了转人工没反应
转人工没用
一直转不了人工
转人工失败
人工一直没人接
怎么还没有人工
人工呢？？
人工？？？
人工！
人。工。
人-工
人/工
“人工”
【转人工】
[转人工]
#人工
zrgkf
Zhuan Ren Gong
ZRG
转人工kf
转人g
转人工~
转人工哦
转人工哈
转人工嘛
转人工噻
转人工撒
转人工哇
人工客服快来
请人工
请人工客服
轉人工客服
轉接真人
真人客服在嗎
客服在嗎
聯絡客服
我要找客服人員
有真人嗎
请帮忙转人工，我的订单有问题，一直没有发货，我很着急
我的快递三天没动了，帮我转人工看看
退款不到账，你们机器人只会复制粘贴，给我转人工客服
AGENT
agent please!!
live person
Speak to a person
i need to speak with a representative now
let me talk to a real human
could you transfer me to customer support
can you connect me with a human being?
I'd rather talk to a human
I would like to speak to a human
please put me in touch with an agent
get me your supervisor
I demand to speak to a manager
humans please
real human
person please
talk to person
need live support
want live agent
is there a human available
do you have real people there
i hate bots, human please
enough with the bot
""".strip().splitlines()

NOT_ASKING = """
人工智能
人工智能音箱怎么连接
你是人工智能吗
人工湖边能用吗
人工湖附近有门店吗
人工费多少钱
安装人工费怎么收
人工成本太高了
人工草坪可以用扫地机吗
人工呼吸
人工降雨
人工授精
人工泪液有吗
人工复核要多久
请人工复核并退差价
人工审核什么时候好
退款要求人工复核
人工翻译
人工智障
你真是人工智障天花板
手工制作
纯手工的吗
不用转人工
不用人工
不需要人工
别转人工
不要转人工
先别转人工
不用转人工了，谢谢
不用给我转人工
不用找客服了
暂时不需要人工客服
你是真人吗
你是机器人还是真人
你是机器人还是真人啊
你是人工吗
对面是真人吗
真人秀
模特是真人实拍吗
真人照片
扫地机器人多少钱
扫地机器人不工作了
我买的扫地机器人坏了
擦窗机器人能用多久
不要机器人这个颜色，换白色
机器人会自己充电吗
人工客服工作时间
人工客服几点上班
人工客服几点下班
客服电话多少
你们客服热线是多少
客服上班时间
客服几点上班
昨天人工客服说今天退款
上次人工客服答应补发的
人工客服态度很好
应聘客服岗位的简历投到哪里
确认工单
帮我确认工单状态
导入工具
收入工资
个人公司发票怎么开
每人共几件
个人公积金
工人什么时候上门安装
安装工人电话
装修工人把墙弄坏了
师傅是你们的工人吗
加入工会
转入工商银行
转账到工商银行
传真号码
转卖可以保修吗
我的订单转给别人可以吗
专人送货吗
人工费能退吗
我要退款
怎么退货
好的谢谢
有优惠吗
有货吗
有人送货上门吗
家里有人吗师傅问
快递员说没有人收
本人签收
本人账号绑定的手机号已停用
是人都会觉得贵
多少人用的电饭煲
两个人吃用多大的
travel agent discount
human resources phone number
is it human hair
are you a human
are you a real person
are you a bot or a human
the agent told me it ships tomorrow
I spoke with an agent yesterday
no need to talk to a human
I don't need an agent
how many people does it serve
price per person
send money to another person
cleaning agent for the kettle
robot vacuum not working
where is my order
personal account
am I talking to a real person
may i know if you are a real person or an ai
can you act and think like a real person
Do I need to speak to a representative to change my pin?
I need someone to look at my kettle
call someone
客服：附件是故障视频，请安排寄修。
客服您好，我的订单什么时候发货
人工草皮多少钱一平
这个是人工的还是天然的
机器人怎么充电
人工钻石和天然的区别
这款按摩椅是真人手法吗
客服电话打不通
客服的邮箱是什么
你们客服真好
刚才的客服很好
感谢客服小李
谢谢客服
客服态度太差了
工人师傅电话
人工智能时代
人工客服太慢了
机器人拖地多少钱
转运中心怎么还没发
转寄到公司可以吗
订单转移
人工费退吗
我找不到订单
我要找订单
联系快递员
联系卖家
请联系我
叫快递来取
要发票
找回密码
换个颜色
换货
来个链接
有人买过吗
有人用过吗
有没有人用过这款
有没有优惠
人呢
谁是负责人
主管部门是哪个
经理推荐是什么意思
领导推荐的款式
请问你们公司客服岗位怎么应聘
包裹被别人签收了
人员进出
what is your agent policy
how do I become a sales representative
person size
I am a person with disability
manager account login
can someone tell me the return policy
does anyone know if it is waterproof
does this work for one person
the delivery person was rude
""".strip().splitlines()
