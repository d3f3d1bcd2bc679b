"""One report and the people around it, who speak to the bot by the fall of the dice.

The world that lets them sleep and wakes them is engine.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from routing.ticket import OPEN, State, Ticket

if TYPE_CHECKING:
    from bench.engine import World

RESIDENTS = 4
UNITS = {"gongshui": "供水", "paishui": "排水", "wuye": "物业", "chengguan": "城管"}


@dataclass(slots=True)
class Life:
    """One report and the people around it; `number` once the bot has registered it."""

    world: World
    micro: int
    number: int = 0

    @property
    def group(self) -> str:
        return f"local:m{self.micro}"

    def chance(self, percent: float) -> bool:
        return self.world.dice.random() * 100 < percent

    async def soon(self, mean: float) -> None:
        await self.world.later(0.02 + self.world.dice.expovariate(1) * mean)

    async def says(self, who: str, text: str, *, here: bool = False) -> None:
        """In the group if `here`, else one-to-one."""
        room = self.group if here else f"local:{who}"
        await self.world.channel.say(f"local:{who}", room, text)

    async def ticket(self) -> Ticket:
        async with self.world.bot.store.read() as tx:
            found = await tx.tickets.by_number(self.group, self.number)
        assert found is not None
        return found

    async def _mine(self, who: str, since: datetime) -> int:
        async with self.world.bot.store.read() as tx:
            recent = await tx.tickets.recent_in(self.group, since)
        own = (t.number for t in recent if t.reporter == f"local:{who}" and t.created_at == since)
        return max(own, default=0)

    async def run(self) -> None:
        who = f"r{self.micro}-{self.world.dice.randrange(RESIDENTS)}"
        place = f"{self.world.dice.randrange(1, 5)}幢" if self.chance(70) else ""
        said_at = self.world.clock.now()
        await self.says(who, place + self.world.dice.choice(self.world.lines), here=True)
        await self.world.later(0.01)
        self.number = await self._mine(who, said_at)
        if not self.number:
            return
        if self.chance(8):
            other = f"r{self.micro}-{self.world.dice.randrange(RESIDENTS)}"
            await self.says(other, "我家也是", here=True)
        await self._opened(who, f"leader{self.micro}")

    async def _opened(self, who: str, leader: str) -> None:
        n = self.number
        await self.soon(2)
        if self.chance(2):
            return await self.says(who, f"撤回 {n}", here=True)
        if self.chance(3):
            return await self.says(leader, f"驳回 {n} 不属实", here=True)
        if n > 1 and self.chance(4):
            return await self.says(leader, f"并入 {n} {self.world.dice.randrange(1, n)}", here=True)
        if self.chance(2):
            return None
        await self.says(leader, f"确认 {n}", here=True)
        await self.soon(1)
        if self.chance(5):
            await self.says(leader, f"改类 {n} 路灯", here=True)
        if self.chance(3):
            await self.says("supervisor", f"督办 {n} 请尽快答复")
        if self.chance(7):
            await self._whistled()
        else:
            await self._handled(leader if self.chance(35) else await self._sent(leader))
        await self._judged(who)
        return None

    async def _sent(self, leader: str) -> str:
        """Dispatched to a unit, which may refuse once; who works on it."""
        unit = self.world.dice.choice(list(UNITS))
        await self.says(leader, f"派单 {self.number} {UNITS[unit]}", here=True)
        await self.soon(3)
        if self.chance(10):
            await self.says(f"u-{unit}", f"退单 {self.number} 不归我们管")
            await self.soon(2)
            unit = self.world.dice.choice(list(UNITS))
            await self.says("street", f"派单 {self.number} {UNITS[unit]}")
            await self.soon(2)
        return f"u-{unit}"

    async def _handled(self, worker: str) -> None:
        n = self.number
        await self.says(worker, f"我来 {n}")
        await self.soon(6)
        if self.chance(40):
            await self.says(worker, f"进展 {n} 师傅明天到")
        if self.chance(8):
            await self.says(worker, f"延期 {n} 3天 等配件")
        if self.chance(5):
            await self.soon(10)
            await self.says(worker, f"挂账 {n} 等审批")
            await self.soon(100)
            await self.says(worker, f"恢复 {n}")
        await self.soon(25)
        if self.chance(97):
            words = "已经修好了" if self.chance(88) else "部分解决，等来年再换"
            await self.says(worker, f"办结 {n} {words}")

    async def _whistled(self) -> None:
        units = self.world.dice.sample(list(UNITS), 2)
        names = " ".join(UNITS[unit] for unit in units)
        await self.says("street", f"吹哨 {self.number} {names}")
        for unit in units:
            await self.soon(9)
            await self.says(f"u-{unit}", f"报到 {self.number}")
        for unit in units:
            await self.soon(20)
            await self.says(f"u-{unit}", f"办结 {self.number} 我们这边好了")

    async def _judged(self, who: str) -> None:
        n = self.number
        for _ in range(3):
            await self.soon(9)
            ticket = await self.ticket()
            if ticket.state is not State.RESOLVED:
                break
            if self.chance(10):
                await self.says(who, f"不满意 {n} 还是老样子", here=True)
                await self.soon(20)
                await self._again()
            elif self.chance(75):
                await self.says(who, f"{'满意' if self.chance(80) else '一般'} {n}", here=True)
            else:
                await self.world.later(75 + self.world.dice.expovariate(1) * 20)
                if self.chance(80):
                    await self.says("community", f"销号 {n} 上门核实过")
        await self.soon(24)
        if (await self.ticket()).state is State.CLOSED and self.chance(5):
            await self.says(who, f"没修好 {n}", here=True)
            await self.soon(20)
            await self._again()

    async def _again(self) -> None:
        """Back at work, every unit of a joint case for itself."""
        ticket = await self.ticket()
        if ticket.state not in OPEN:
            return
        shares = [f"u-{share.unit}" for share in ticket.shares if share.open]
        worker = ticket.handler.partition(":")[2] or f"leader{self.micro}"
        for one in shares or [worker]:
            await self.says(one, f"办结 {self.number} 重新弄好了")
