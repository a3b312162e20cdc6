"""The draw's arithmetic: fair, reproducible, and open to checking."""

import random
import uuid
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.draws import fairness
from tests.strength import examples

SEED = "00" * 31 + "01"
tickets_of = st.lists(st.uuids(version=4), min_size=1, max_size=60, unique=True)
seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)


def published(seed, tickets, winners=2):
    order, reserves = fairness.ranking(seed, tickets), fairness.reserves_for(winners)
    return {
        "algorithm": fairness.ALGORITHM,
        "seed": seed,
        "commitment": fairness.commitment(seed),
        "entries": len(tickets),
        "entries_digest": fairness.list_digest(tickets),
        "tickets": [str(ticket) for ticket in sorted(tickets)],
        "winners": [str(ticket) for ticket in order[:winners]],
        "reserve_count": reserves,
        "reserves": [str(ticket) for ticket in order[winners : winners + reserves]],
    }


@given(seeds, tickets_of, st.randoms())
def test_order_of_entries_does_not_matter(seed, tickets, shuffler):
    shuffled = shuffler.sample(tickets, len(tickets))
    assert fairness.ranking(seed, shuffled) == fairness.ranking(seed, tickets)
    assert fairness.list_digest(shuffled) == fairness.list_digest(tickets)


@given(seeds, tickets_of)
def test_everybody_is_ranked_once(seed, tickets):
    order = fairness.ranking(seed, tickets)
    assert len(order) == len(tickets)
    assert set(order) == set(tickets)


@given(seeds, tickets_of, st.integers(1, 5))
def test_right_draw_has_no_faults(seed, tickets, winners):
    assert fairness.faults(published(seed, tickets, winners)) == []


@given(seeds, tickets_of, st.integers(0, 255))
def test_one_bit_of_the_seed_is_noticed(seed, tickets, bit):
    changed = f"{int(seed, 16) ^ 1 << bit:064x}"
    assert any(
        "not the one that was fixed in advance" in fault
        for fault in fairness.faults({**published(seed, tickets), "seed": changed})
    )


@given(seeds, st.lists(st.uuids(version=4), min_size=2, max_size=60, unique=True), st.data())
def test_a_removed_or_added_entry_is_noticed(seed, tickets, data):
    right = published(seed, tickets)
    gone = data.draw(st.sampled_from(right["tickets"]))
    left = [ticket for ticket in right["tickets"] if ticket != gone]
    for listed in (left, [*right["tickets"], str(uuid.uuid4())], [*left, str(uuid.uuid4())]):
        assert any(
            "digest differs" in fault for fault in fairness.faults({**right, "tickets": listed})
        )


@given(seeds, st.lists(st.uuids(version=4), min_size=6, max_size=40, unique=True), st.data())
def test_a_changed_winner_is_noticed(seed, tickets, data):
    right = published(seed, tickets)
    loser = data.draw(
        st.sampled_from([text for text in right["tickets"] if text not in right["winners"]])
    )
    wrong = {**right, "winners": [loser, right["winners"][1]]}
    assert any("winners are not the ones" in fault for fault in fairness.faults(wrong))
    assert fairness.faults({**right, "winners": right["winners"][::-1]})


@pytest.mark.slow
def test_every_entry_is_equally_likely():
    """Pearson's chi-square over 4,000 fixed seeds and 20 fixed tickets: 19 degrees of freedom, 43.8
    at p = 0.001."""
    chance = random.Random(2026)
    tickets = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(20)]
    for place in (0, 1, 19):
        counts = Counter(
            fairness.ranking(chance.randbytes(32).hex(), tickets)[place] for _ in range(4_000)
        )
        assert sum((counts[ticket] - 200) ** 2 / 200 for ticket in tickets) < 43.8


def test_the_method_is_the_one_described():
    """Worked out by hand with openssl: docs/prize-draws.md says how."""
    first, second = (
        uuid.UUID("11111111-1111-4111-8111-111111111111"),
        uuid.UUID("22222222-2222-4222-8222-222222222222"),
    )
    assert (
        fairness.commitment(SEED)
        == "ec4916dd28fc4c10d78e287ca5d9cc51ee1ae73cbfde08c6b37324cbfaac8bc5"
    )
    assert (
        fairness.list_digest([second, first])
        == "be2001bca1476f8f8480dd7db6264be12c94cb7be24332f370976c1ebc46e729"
    )
    assert fairness.ranking(SEED, [first, second]) == [first, second]


def test_without_tickets_the_rest_is_checked():
    right = {
        **published(SEED, [uuid.UUID(int=number, version=4) for number in range(9)]),
        "tickets": None,
    }
    assert fairness.faults(right) == []
    assert fairness.faults({**right, "reserves": right["reserves"][::-1]})
    assert fairness.faults({**right, "seed": "11" * 32})


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"algorithm": fairness.ALGORITHM},
        {"algorithm": "dice"},
        {**published(SEED, [uuid.uuid4()]), "winners": ["Ann"]},
        {**published(SEED, [uuid.uuid4()]), "seed": "12"},
        {**published(SEED, [uuid.uuid4()]), "winners": []},
    ],
)
def test_nonsense_is_no_published_draw(nonsense):
    assert fairness.faults(nonsense)


@settings(max_examples=examples(20))
@given(st.integers(1, 50))
def test_reserves_are_as_many_again(winners):
    assert fairness.reserves_for(winners) == max(winners, 3)


@given(seeds, tickets_of, st.integers(1, 5), st.integers(0, 9))
def test_another_number_of_reserves_leaves_earlier_draws_right(seed, tickets, winners, number):
    earlier = published(seed, tickets, winners)
    without = {key: value for key, value in earlier.items() if key != "reserve_count"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fairness, "FEWEST_RESERVES", number)
        assert fairness.faults(earlier) == fairness.faults(without) == []
        assert fairness.faults(published(seed, tickets, winners)) == []


@given(seeds, st.lists(st.uuids(version=4), min_size=5, max_size=40, unique=True))
def test_a_reserve_left_out_is_noticed(seed, tickets):
    right = published(seed, tickets)
    short = {**right, "reserves": right["reserves"][:-1]}
    for wrong in (short, {**right, "reserve_count": 2}, {**right, "reserve_count": "many"}):
        assert fairness.faults(wrong)
        assert fairness.faults({**wrong, "tickets": None})
