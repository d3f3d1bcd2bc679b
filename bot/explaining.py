"""How one message is understood and what the bot would do, in lines that a leader understands.

The same model and lines decide here as in the running bot; nothing is stored and nothing sent."""

from __future__ import annotations

from bot.errors import GridbotError
from bot.handlers.report import LEAST_DOUBT
from bot.settings import Settings
from bot.versions import versions_of
from nlp import scope, taxonomy, urgency
from nlp.classify import LinearClassifier
from nlp.reading import Issue, Reading
from nlp.taxonomy import Taxonomy
from routing.commands import parse
from routing.roster import Group
from storage import migrate
from storage.store import Store

KINDS = {
    "report": "诉求",
    "follow_up": "接着说前面的事",
    "command": "给小格的指令",
    "order": "接龙、订购",
    "notice": "通知",
    "chat": "闲聊",
}
_MOST_TEXT = 200


async def explain(settings: Settings, text: str, group: str = "") -> list[str]:
    """The lines for one message said in this group ("": in any). Raises GridbotError."""
    if not text.strip():
        raise GridbotError("请写上要说明的一句话")
    found = await _group(settings, group) if group else None
    name, reader = versions_of(settings).load()
    reading = reader.read(text, found.words if found else ())
    lines = [f"“{text.strip()[:_MOST_TEXT]}”", *_understood(reader, text, reading)]
    lines.append(f"小格会：{_deed(settings, text, reading, found)}")
    lines.append(f"读这句话的模型：{f'本地学过的 {name}' if name else '随程序带来的'}")
    return lines


async def _group(settings: Settings, conversation: str) -> Group:
    await migrate.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    try:
        async with store.read() as tx:
            roster = await tx.people.load(settings.roster.level_names)
    finally:
        await store.aclose()
    found = roster.group(conversation)
    if found is None:
        count = len(roster.parts.groups)
        raise GridbotError(f"没有这个群：{conversation}；名册里有 {count} 个群")
    return found


def _understood(reader: LinearClassifier, text: str, reading: Reading) -> list[str]:
    known = taxonomy.load()
    lines = [f"种类：{KINDS[reading.kind]}（把握{reading.confidence:.0%}）"]
    if reading.kind == "report":
        lines += _matters(known, reading)
        if reading.candidates:
            others = "、".join(_named(known, code) for code in reading.candidates)
            lines.append(f"还可能是：{others}")
        if reading.nature:
            lines.append(f"性质：{reading.nature}")
    lines.append(f"紧急：{_urgency(text, reading)}")
    places = "、".join(
        f"{p.text}（记作{p.normal}）" if p.normal not in {"", p.text} else p.text
        for p in reading.places
    )
    lines.append(f"位置：{places or '没有说'}")
    words = reading.reasons or reader.words_for(text, reading.kind)
    lines.append(f"凭这些词：{'、'.join(words) or '没有特别的词，看的是整句话的样子'}")
    return lines


def _matters(known: Taxonomy, reading: Reading) -> list[str]:
    """The category, or one line for each of several matters."""
    several = reading.issues if len(reading.issues) > 1 else ()
    if not several:
        return [f"类别：{_named(known, code)}" for code in reading.codes[:1]]
    return [f"类别{n}：{_matter(known, issue)}" for n, issue in enumerate(several, 1)]


def _matter(known: Taxonomy, issue: Issue) -> str:
    places = "、".join(place.text for place in issue.places)
    return _named(known, issue.code) + (f"，{places}" if places else "")


def _named(known: Taxonomy, code: str) -> str:
    minor = known.minor(code)
    return f"{code} {minor.name}（{minor.major}）" if minor else code


def _urgency(text: str, reading: Reading) -> str:
    """Whether it is class E, and by which rule."""
    word, back = urgency.alarm(text), urgency.retreat(text)
    if reading.urgent:
        return f"紧急，听到“{word}”。" if word else "紧急，整句话像正在发生的险情。"
    if not word:
        return "不紧急，没有听到危及人身的说法。"
    if back:
        return f"不紧急，虽有“{word}”，但“{back}”说明不是眼前的险情。"
    return f"不紧急，虽有“{word}”，但整句话不像正在发生的险情。"


def _deed(settings: Settings, text: str, reading: Reading, group: Group | None) -> str:
    """What the bot does about it; why it stays silent."""
    limits = settings.group
    mode = (group.mode if group else "") or limits.mode
    command = parse(text)
    if command is not None and command.strong:
        return f"当作“{command.verb.value}”这句话来办，不登记。"
    if reading.kind != "report":
        return _silence(text, reading)
    if reading.urgent:
        return "马上登记立案，叫值班的人，告诉居民先怎么做。"
    if reading.confidence < limits.hint_confidence:
        return (
            f"不吭声：像诉求，但把握{reading.confidence:.0%}低于"
            f"{limits.hint_confidence:.0%}（hint_confidence）。"
        )
    if mode == "hint":
        return "先一对一问网格长要不要登记（本群是提示模式）。"
    if reading.confidence < limits.report_confidence:
        return (
            f"先一对一问网格长：把握{reading.confidence:.0%}低于"
            f"{limits.report_confidence:.0%}（report_confidence）。"
        )
    aside = "，回执一对一发（本群是静默模式）" if mode == "quiet" else "，给回执"
    return f"登记{aside}，通知网格长。"


def _silence(text: str, reading: Reading) -> str:
    if scope.ended(text):
        return "不吭声：这句话是说事情已经好了。"
    if scope.denied(text):
        return "不吭声：这句话是说没有问题。"
    kind = KINDS[reading.kind]
    if reading.kind == "follow_up" and reading.candidates and reading.doubt >= LEAST_DOUBT:
        return (
            f"有在办的事就补到那件事里；没有就当新的诉求看（把握{reading.doubt:.0%}），"
            "有把握登记，没把握先问网格长。"
        )
    if reading.kind == "follow_up":
        return f"不另外登记：这是{kind}；说话的人刚报过事，就补到那件事里。"
    return f"不吭声：这是{kind}，不是诉求。网格长认为是的话，引用它回复 建单。"
