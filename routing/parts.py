"""The rows that a roster is made of: grids, people, posts, units, groups, duty lists, answers.

Looking things up lives in roster.py, reading them from files in workbook.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEVELS = {
    "district": "区县",
    "street": "镇街",
    "community": "社区",
    "grid": "网格",
    "micro": "微网格",
}
"""Levels of the grid tree, highest first, with what people call them unless a district says else.

A tree may leave levels out: county, town, village, micro-grid."""

KINDS = {"urban": "城镇", "rural": "农村"}
"""What a grid may be; a grid of no stated kind is what the one above it is."""

FULL_TIME = "专职网格员"

EVERYWHERE = ""
"""As the grid of a post, a unit or an answer: valid in every grid."""


class Role(StrEnum):
    """What a person is in a grid; `label` is what people read."""

    LEADER = "leader"
    MICRO_LEADER = "micro_leader"
    WORKER = "worker"
    COMMUNITY = "community"
    SECRETARY = "secretary"
    STREET = "street"
    SUPERVISOR = "supervisor"
    DEPARTMENT = "department"
    PROPERTY = "property"
    AGENT = "agent"
    MEDIATOR = "mediator"
    VOLUNTEER = "volunteer"
    POLICE = "police"
    DISTRICT = "district"
    ADMIN = "admin"
    RESIDENT = "resident"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.LEADER: "网格长",
    Role.MICRO_LEADER: "微网格长",
    Role.WORKER: "网格员",
    Role.COMMUNITY: "社区工作者",
    Role.SECRETARY: "社区书记",
    Role.STREET: "街道指挥中心",
    Role.SUPERVISOR: "督办员",
    Role.DEPARTMENT: "部门承办人",
    Role.PROPERTY: "物业",
    Role.AGENT: "代办员",
    Role.MEDIATOR: "调解员",
    Role.VOLUNTEER: "志愿者",
    Role.POLICE: "网格警员",
    Role.DISTRICT: "区县指挥中心",
    Role.ADMIN: "管理员",
    Role.RESIDENT: "居民",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A node of the grid tree. level: a key of LEVELS. parent: a code, "" at the top.

    households, persons: how many live there, 0 unknown. kind: a key of KINDS or ""."""

    code: str
    name: str
    level: str
    parent: str = ""
    households: int = 0
    persons: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know by name; accounts are references "<channel>:<user>"."""

    id: str
    name: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in a grid (person and grid by id), both days inclusive, None = open.

    acting: 代理, holds the post for somebody who is away or not yet there. full_time: 专职."""

    person: str
    grid: str
    role: Role
    acting: bool = False
    since: date | None = None
    until: date | None = None
    full_time: bool = False

    @property
    def label(self) -> str:
        """The role as a list names it."""
        return FULL_TIME if self.full_time and self.role is Role.WORKER else self.role.label

    def valid(self, day: date) -> bool:
        """Whether the post is held on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or company. words: what people call it. grid: its scope, "" everywhere.

    id: a department id of the taxonomy, or "<department>-<anything>" where several units
    share one department (the property companies of two compounds)."""

    id: str
    name: str
    phone: str = ""
    words: tuple[str, ...] = ()
    grid: str = EVERYWHERE

    @property
    def department(self) -> str:
        """The department id of the taxonomy that this unit stands for."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Member:
    """A person who works for a unit."""

    unit: str
    person: str


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group bound to a grid. words: its own names for places.

    mode: "" the configured default, "quiet" 静默, "hint" 提示, "auto" 自动."""

    conversation: str
    grid: str
    name: str
    mode: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of a duty list: who is called at which hours, [from_hour, to_hour) local time.

    From 22 to 6 runs over midnight; equal hours mean the whole day."""

    grid: str
    order: int
    person: str
    from_hour: int = 0
    to_hour: int = 24

    def covers(self, hour: int) -> bool:
        """Whether the line is valid in this local hour, 0..23."""
        start, end = self.from_hour % 24, self.to_hour % 24
        if start < end:
            return start <= hour < end
        return start == end or hour >= start or hour < end


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A ready answer. code: a 小类 or 大类 code, "" for any. valid_until: last day, None = open."""

    id: int
    grid: str
    code: str
    words: tuple[str, ...]
    answer: str
    source: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a roster is built from, as a folder or the database holds it."""

    grids: tuple[Grid, ...] = ()
    people: tuple[Person, ...] = ()
    posts: tuple[Post, ...] = ()
    units: tuple[Unit, ...] = ()
    members: tuple[Member, ...] = ()
    groups: tuple[Group, ...] = ()
    duties: tuple[Duty, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
