"""Sentences as residents type them, clear enough for any version of the classifier.

Each is said in several stories; how it is understood is tested in tests/nlp."""

LAMP = "7幢楼道灯坏了好几天了"
LAMP_NOWHERE = "水黄得像茶"
GYM = "小广场健身器材坏了"
GATE_LAMP = "东门路灯不亮"
DRAIN = "下水道堵了往上返水"
WAGES = "干了三个月工资一分没给，我们二十多人"
QUARREL = "楼上漏水到我家，找他协商死活不赔"
GAS = "楼道里一股煤气味，快来人"
FIRE = "7号楼冒黑烟了着火了"
HURT = "有人从楼梯摔下来叫不醒"
FIGHT = "楼下打起来了，有人动刀了"
VACCINE = "孩子打疫苗还有苗吗"
CHAT = ("大家早上好", "今天天气真好", "谢谢大家", "明天上午九点停水检修，请大家储水")
