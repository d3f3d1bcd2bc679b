"""Hostile bodies against every inbound endpoint: no 5xx, no traceback, nothing stored.

Each endpoint is tried with noise, with changes to a genuine request, and with genuine seals around
changed contents. GRIDBOT_FUZZ_EXAMPLES says how many bodies; the release runs 10,000."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.fuzzing import ENDPOINTS, Target, text_of
from tests.channels.mutations import Edit, mutated, replaced
from tests.channels.stand import EXAMPLES

FUZZ = settings(
    max_examples=EXAMPLES, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["flip", "insert", "drop", "cut"]),
        st.integers(0, 1 << 20),
        st.binary(max_size=6),
    ),
    min_size=1,
    max_size=6,
)
QUERIES = st.dictionaries(
    st.sampled_from(["msg_signature", "signature", "timestamp", "nonce", "echostr", "x"]),
    st.text(max_size=50).map(lambda text: text.encode("utf-8", "replace").decode()),
)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with Target.standing(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_hostile_requests(target: Target, name: str) -> None:
    endpoint = ENDPOINTS[name]

    @FUZZ
    @given(
        how=st.sampled_from(["noise", "body", "query", "headers", "inside", "values"]),
        base=st.sampled_from(endpoint.bases), edits=EDITS, noise=st.binary(max_size=2000),
        query=QUERIES, data=st.data(),
    )  # fmt: skip
    def attack(
        how: str, base: str, edits: list[Edit], noise: bytes, query: dict[str, str],
        data: st.DataObject,
    ) -> None:  # fmt: skip
        right = endpoint.request(base)
        if how == "noise":
            assert target.hit(right.changed(query=query, headers={}, body=noise)) in {401, 403}
        elif how == "body":
            target.hit(right.changed(body=mutated(right.body, edits)))
            said = {message.text for message in target.inbox.taken}
            assert not endpoint.covered or said <= {text_of(target, base, endpoint)}
        elif how == "query":
            full = {**right.query, **query}
            other = any(full[key] != value for key, value in right.query.items())
            status = target.hit(right.changed(query=full))
            assert status in ({401, 403} if other else {200, 204})
        elif how == "headers" and right.headers:
            key, value = data.draw(st.sampled_from(sorted(right.headers))), noise.hex()
            status = target.hit(right.changed(headers={**right.headers, key: value}))
            assert status in {401, 403} or key == "X-Self-ID"
        elif how == "inside" or not endpoint.json:
            inside = mutated(base.encode(), edits).decode("utf-8", "replace")
            target.hit(endpoint.request(inside))
        else:
            target.hit(endpoint.request(json.dumps(replaced(json.loads(base), data, VALUES))))
        target.check_stored(nothing=how == "noise")

    attack()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("version", [11, 12])
def test_hostile_frames(target: Target, version: int) -> None:
    """Over a bridge's open WebSocket, which stays open and goes on hearing what is genuine."""
    bases = ENDPOINTS[f"onebot{version}"].bases

    @FUZZ
    @given(
        how=st.sampled_from(["noise", "changed", "values"]), base=st.sampled_from(bases),
        edits=EDITS, noise=st.text(max_size=500), data=st.data(),
    )  # fmt: skip
    def attack(how: str, base: str, edits: list[Edit], noise: str, data: st.DataObject) -> None:
        frame = noise
        if how == "changed":
            frame = mutated(base.encode(), edits).decode("utf-8", "replace")
        elif how == "values":
            frame = json.dumps(replaced(json.loads(base), data, VALUES))
        target.say(version, frame)
        target.check_stored()

    attack()
    target.still_hears(version)


def test_nothing_can_be_sent_to_a_webhook_or_an_archive(target: Target) -> None:
    assert target.routes("wecom_webhook") == target.routes("wecom_archive") == []


def test_each_endpoint_takes_its_genuine_requests(target: Target) -> None:
    """Otherwise the tests above would refuse everything and prove nothing."""
    for endpoint in ENDPOINTS.values():
        assert {target.hit(endpoint.request(base)) for base in endpoint.bases} <= {200, 204}
        if endpoint.stores:
            assert target.inbox.taken
        target.inbox.taken.clear()
