"""The fold: what is counted, and that stopping anywhere changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from uuid import UUID

import msgspec

from tests.desk.metrics.stories import START, Teller, thing
from yizhan.desk.metrics import ALL, METRICS, Figures, Scope, State, apply, figures, hours
from yizhan.desk.metrics.catalogue import FLOWS
from yizhan.desk.metrics.documents import SHIPPED
from yizhan.desk.metrics.figures import yesterday
from yizhan.desk.metrics.lists import behind, seconds_behind, unassigned
from yizhan.desk.metrics.model import Seat
from yizhan.desk.metrics.store import packed
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry

SEATS = {thing(21): Seat("林一", 5, (str(thing(1)),)), thing(22): Seat("苏瑾", 3, (str(thing(1)), str(thing(2))))}


def folded(entries: Sequence[Entry]) -> State:
    state = State()
    apply(state, entries)
    return state


def read(teller: Teller) -> Figures:
    return figures(folded(teller.entries), SEATS, SHIPPED, teller.at)


def test_stopping_anywhere_and_going_on_counts_the_same() -> None:
    for seed in range(25):
        teller = Teller(Random(seed))
        for _ in range(300):
            teller.step()
        whole = folded(teller.entries)
        cut = Random(seed).randrange(len(teller.entries))
        kept = folded(teller.entries[:cut])
        again = msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=State)
        apply(again, teller.entries[cut:])
        assert again == whole
        assert packed(again) == packed(whole)
        assert figures(again, SEATS, SHIPPED, teller.at) == figures(whole, SEATS, SHIPPED, teller.at)


def test_what_all_teams_count_is_what_the_house_counts() -> None:
    for seed in range(10):
        teller = Teller(Random(seed))
        for _ in range(200):
            teller.step()
        told = read(teller)
        for name in ("queue_length", "serving", "entered", "picked", "abandoned", "missed", "replied"):
            teams = sum(n for (metric, scope), n in told.items() if metric == name and scope.kind == "team")
            channels = sum(n for (metric, scope), n in told.items() if metric == name and scope.kind == "channel")
            assert teams == told[name, ALL] == channels, (seed, name)
        assert told["queue_length", ALL] == sum(phase == "queued" for phase in teller.running.values())


def test_every_number_has_its_word_and_every_word_its_number() -> None:
    teller = Teller(Random(1))
    for _ in range(400):
        teller.step()
    named = {metric for metric, _ in read(teller)}
    assert named <= METRICS.keys()
    today = {name for name in METRICS if not name.endswith("_1h")}
    assert today - named <= {"agents_busy", "agents_call", "agents_wrapup", "handed_rate", "unassigned_longest"}
    assert {f"{name}_1h" for name in FLOWS} <= METRICS.keys()


def test_a_chat_that_waits_is_missed_and_answered() -> None:
    teller = Teller(Random(0))
    chat, team, lin, su = thing(7), thing(1), thing(21), thing(22)

    def after(seconds: float) -> None:
        teller.at += timedelta(seconds=seconds)

    teller.tell("conversation.started", chat, team, channel="webchat", inbox=str(thing(11)), phase="queued", live=True)
    teller.tell("message.received", chat, automatic=False, effect="new")
    after(12)
    assert read(teller)["queue_longest", Scope("inbox", str(thing(11)))] == 12
    teller.tell("conversation.assigned", chat, team, lin, to=str(lin))
    after(40)
    assert (read(teller)["unanswered", ALL], read(teller)["unanswered_longest", ALL]) == (1, 52)
    teller.tell("conversation.requeued", chat, team, reason="missed")
    teller.tell("conversation.assigned", chat, team, su, to=str(su))
    after(8)
    teller.tell("message.sent", chat, human=False)
    assert read(teller)["unanswered", ALL] == 1, "a line of ours that is nobody's answers nothing"
    teller.tell("message.sent", chat, human=True)
    told = read(teller)
    assert told["service_level", ALL] == 1
    assert told["handover_wait", ALL] == 12
    assert told["miss_rate", ALL] == 0.5
    assert told["first_response", ALL] == 48, "from when somebody first had him: what he queued is told apart"
    assert told["answer_rate", ALL] == 1
    assert told["abandon_rate", ALL] == 0
    assert "csat" not in {metric for metric, _ in told}


def test_who_leaves_the_queue_is_an_abandoned_chat() -> None:
    teller = Teller(Random(0))
    for number, reason in ((1, "abandoned"), (2, "agent")):
        chat = thing(number)
        teller.tell("conversation.started", chat, thing(1), channel="webchat", inbox=str(thing(11)), phase="queued",
                    live=True)  # fmt: skip
        if reason == "agent":
            teller.tell("conversation.assigned", chat, thing(1), thing(21), to=str(thing(21)))
            teller.tell("message.sent", chat, human=True)
        teller.tell("conversation.ended", chat, reason=reason, phase="queued")
    told = read(teller)
    assert told["abandoned", ALL] == 1
    assert told["abandon_rate", ALL] == 0.5
    assert told["answer_rate", ALL] == 0.5
    assert told["queue_length", ALL] == told["serving", ALL] == 0


def test_a_later_rating_replaces_the_earlier() -> None:
    teller = Teller(Random(0))
    for stars in (1, 5):
        teller.tell("conversation.rated", thing(7), thing(1), stars=stars, solved=stars == 5, inbox=str(thing(11)))
    told = read(teller)
    assert told["rated", ALL] == 1
    assert told["csat", ALL] == 5
    assert told["solved_rate", ALL] == 1
    for chat, stars, solved in ((8, 2, True), (9, 2, False)):
        teller.tell("conversation.rated", thing(chat), thing(1), stars=stars, solved=solved, inbox=str(thing(11)))
    ranked = behind(folded(teller.entries), SHIPPED, "csat", ALL, teller.at) or []
    assert [id.int for _, id in ranked] == [9, 8, 7], "the worst first"


def test_a_ticket_is_late_once_and_not_while_the_customer_is_waited_for() -> None:
    teller, ticket, first, second = Teller(Random(0)), thing(50), thing(51), thing(52)

    def told(*kinds: tuple[str, UUID]) -> list[tuple[float, float]]:
        found = []
        for kind, target in kinds:
            teller.tell(kind, target, thing(1))
            teller.entries[-1] = msgspec.structs.replace(teller.entries[-1], ticket_id=ticket)
            numbers = read(teller)
            found.append((numbers.get(("sla_warned", ALL), 0), numbers.get(("sla_breached", ALL), 0)))
        return found

    assert told(
        ("sla.warned", first), ("sla.breached", first), ("sla.breached", second), ("sla.paused", first),
        ("sla.paused", second), ("sla.resumed", second), ("sla.met", second), ("sla.met", first),
    ) == [(1, 0), (0, 1), (0, 1), (0, 1), (0, 0), (0, 1), (0, 0), (0, 0)]  # fmt: skip


def test_the_day_begins_at_midnight_of_the_house() -> None:
    teller = Teller(Random(0), START - timedelta(hours=9, minutes=31))  # 23:59 in Shanghai
    for minutes in (0, 2):
        teller.at += timedelta(minutes=minutes)
        chat = thing(100 + minutes)
        teller.tell("conversation.started", chat, thing(1), channel="webchat", inbox=str(thing(11)), phase="queued",
                    live=True)  # fmt: skip
    told = read(teller)
    assert told["entered", ALL] == 1
    assert told["entered_1h", ALL] == 2
    assert [hour.entered for hour in hours(folded(teller.entries), SHIPPED, teller.at)] == [*[0] * 22, 1, 1]


def test_a_letter_counts_for_its_channel_and_not_among_the_chats() -> None:
    teller = Teller(Random(0))
    mail = thing(7)
    teller.tell("conversation.started", mail, thing(1), channel="email", inbox=str(thing(12)), phase="queued",
                live=False)  # fmt: skip
    teller.tell("message.received", mail, automatic=False, effect="new")
    teller.at += timedelta(hours=3)
    teller.tell("message.sent", mail, human=True)
    told = read(teller)
    assert (told["entered", ALL], told["written", ALL], told["queue_length", ALL]) == (0, 1, 0)
    assert told["first_response", Scope("channel", "email")] == 3 * 3600
    assert ("first_response", ALL) not in told


def test_yesterday_is_told_as_it_was_at_this_time() -> None:
    teller = Teller(Random(0))
    for number, hours_later in enumerate((0, 3, 20)):
        teller.at = START + timedelta(hours=hours_later)
        teller.tell("conversation.started", thing(900 + number), thing(1), channel="webchat", inbox=str(thing(11)),
                    phase="queued", live=True)  # fmt: skip
    told = yesterday(folded(teller.entries), SHIPPED, START + timedelta(days=1))
    assert told["entered", ALL] == 1


def test_old_quarters_go() -> None:
    teller = Teller(Random(0))
    for _ in range(4):
        teller.tell("conversation.started", thing(len(teller.entries)), thing(1), channel="webchat",
                    inbox=str(thing(11)), phase="queued", live=True)  # fmt: skip
        teller.at += timedelta(days=1, hours=1)
    assert len(folded(teller.entries).quarters) == 2


def test_a_team_lead_sees_his_teams_and_what_is_of_none() -> None:
    teller = Teller(Random(0))
    for number, team in enumerate((thing(1), thing(2), None)):
        teller.tell("conversation.started", thing(900 + number), team, channel="webchat", inbox=str(thing(11)),
                    phase="queued", live=True)  # fmt: skip
    told = figures(
        folded(teller.entries), SEATS, SHIPPED, teller.at, lambda team: team in ("", str(thing(1)))
    )  # fmt: skip
    assert told["queue_length", ALL] == 2
    assert Scope("team", str(thing(2))) not in {scope for _, scope in told if _ == "queue_length"}


def test_whom_the_assistant_received_asked_nobody_until_he_is_handed_on() -> None:
    teller = Teller(Random(0))
    team, inbox = thing(1), str(thing(11))
    for n in (7, 8):
        chat = thing(n)
        teller.tell("conversation.started", chat, team, channel="webchat", inbox=inbox, phase="queued", live=True)
        teller.tell("message.received", chat, automatic=False, effect="new")
        teller.tell("reception.began", chat, team, inbox=inbox, why="always")
        teller.tell("message.sent", chat, human=False)
    told = read(teller)
    assert (told["with_bot", ALL], told["queue_length", ALL], told["asked", ALL], told["received", ALL]) == (2, 0, 0, 2)
    teller.tell("conversation.ended", thing(7), team, reason="customer")
    teller.tell("reception.solved", thing(7), team)
    teller.at += timedelta(seconds=90)
    teller.tell("conversation.requeued", thing(8), team, reason="reception.asked")
    teller.tell("reception.handed", thing(8), team, why="asked")
    teller.at += timedelta(seconds=5)
    teller.tell("conversation.assigned", thing(8), team, thing(21), to=str(thing(21)))
    teller.tell("message.sent", thing(8), human=True)
    told = read(teller)
    assert (told["asked", ALL], told["self_served", ALL], told["handed_rate", ALL]) == (1, 1, 0.5)
    assert (told["answer_rate", ALL], told["handover_wait", ALL], told["first_response", ALL]) == (1, 5, 0)
    assert told["abandon_rate", ALL] == 0


def test_tickets_that_nobody_has_are_counted_until_somebody_takes_them() -> None:
    teller = Teller(Random(0))
    one, two, task = new_id(START), new_id(START), new_id(START)
    team = thing(1)
    for ticket in (one, two):
        teller.tell("work.ready", ticket, team, work="ticket")
    teller.tell("ticket.created", task, team, channel="manual", parent=str(one))
    told = read(teller)
    assert told["unassigned", ALL] == told["unassigned", Scope("team", str(team))] == 3
    assert told["unassigned_longest", ALL] == (teller.at - START).total_seconds()
    state = folded(teller.entries)
    assert [id for _, id in unassigned(state, Scope("team", str(team)))][:2] == sorted((one, two))
    assert unassigned(state, Scope("team", str(thing(2)))) == []
    teller.tell("ticket.assigned", one, team, thing(21), to=str(thing(21)))
    teller.tell("ticket.joined", two, team, into=str(one))
    teller.tell("ticket.moved", task, team, action="cancel", to="cancelled")
    assert read(teller)["unassigned", ALL] == 0
    teller.tell("ticket.moved", one, thing(2), action="return", to="new")
    assert read(teller)["unassigned", Scope("team", str(thing(2)))] == 1
    teller.tell("ticket.assigned", one, team, to=None)
    assert read(teller)["unassigned", Scope("team", str(team))] == 1


def test_who_lost_his_connection_is_not_online() -> None:
    teller = Teller(Random(0))
    for agent, lost in ((thing(21), True), (thing(22), False)):
        teller.tell("agent.presence", agent, to="online", lost=lost)
    told = read(teller)
    assert (told["agents_online", ALL], told["agents_offline", ALL], told["room", ALL]) == (1, 1, 3)


def test_what_stands_behind_a_mean_comes_slowest_first_with_its_seconds() -> None:
    teller = Teller(Random(0))
    team, lin = thing(1), thing(21)
    for chat, queued, answered in ((thing(7), 5, 10), (thing(8), 90, 70)):
        teller.tell("conversation.started", chat, team, channel="webchat", inbox=str(thing(11)), phase="queued",
                    live=True)  # fmt: skip
        teller.tell("message.received", chat, automatic=False, effect="new")
        teller.at += timedelta(seconds=queued)
        teller.tell("conversation.assigned", chat, team, lin, to=str(lin))
        teller.at += timedelta(seconds=answered)
        teller.tell("message.sent", chat, human=True)
    state = folded(teller.entries)

    def ids(metric: str, scope: Scope = ALL) -> list[int]:
        return [id.int for _, id in behind(state, SHIPPED, metric, scope, teller.at) or []]

    assert figures(state, SEATS, SHIPPED, teller.at)["first_response", ALL] == 40
    assert (ids("first_response"), ids("handover_wait"), ids("service_level")) == ([8, 7], [8, 7], [8])
    assert ids("first_response", Scope("team", str(thing(2)))) == []
    assert seconds_behind(state, "first_response") == {thing(7): 10, thing(8): 70}
    assert seconds_behind(state, "handover_wait_1h") == {thing(7): 5, thing(8): 90}
    assert sorted(ids("serving", Scope("agent", str(lin)))) == [7, 8]
    assert ids("serving", Scope("agent", str(thing(22)))) == []
