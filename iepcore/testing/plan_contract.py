"""What every PlanRepository does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, IepError, NotFound
from iepcore.ids import GoalId, PointId, TrialSetId, new_uuid7
from iepcore.plan import TrialOutcome, begin_phase, end_set, withdraw_phase
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class PlanContract(StoreFixtures):
    """Goals, points, sets and tries."""

    def test_goals_are_found_and_guarded_by_version(self, store: Store, room: a.Classroom) -> None:
        """A goal comes back by id and by child; a stale version is a Conflict."""
        changed = replace(room.goal, introduced_on=a.TODAY, version=2)
        with store.write() as uow:
            uow.plan.save_goal(changed)
            with pytest.raises(Conflict):
                uow.plan.save_goal(replace(room.goal, version=2))
        with store.read() as uow:
            assert changed == uow.plan.goal(room.goal.id)
            assert [changed] == list(uow.plan.goals_of_students([room.student.id]))
            assert uow.plan.goal(GoalId(new_uuid7())) is None

    def test_changes_come_back_word_for_word(self, store: Store, room: a.Classroom) -> None:
        """In their order, with levels as exact as they were, words in any script, the instant to the
        microsecond; taken back they are gone, and a stale version changes none."""
        teacher = room.goal.created_by
        first = a.a_phase(
            teacher,
            baseline=100 / 3,
            words=a.words('خواندن "با هم" \\ \u2028', "prs"),
            noted_at=a.NOW.replace(microsecond=1),
        )
        second = a.a_phase(
            teacher, starts_on=first.starts_on + DAY, target=90, ends_on=room.goal.ends_on + 90 * DAY
        )
        one = begin_phase(room.goal, first)
        two = begin_phase(one, second)
        with store.write() as uow:
            uow.plan.save_goal(one)
            uow.plan.save_goal(two)
        with store.write() as uow, pytest.raises(Conflict):
            uow.plan.save_goal(begin_phase(room.goal, second))
        with store.read() as uow:
            found = uow.plan.goal(room.goal.id)
            assert two == found == next(iter(uow.plan.goals_of_students([room.student.id])))
            assert two.aimline == found.aimline
        back = withdraw_phase(two)
        with store.write() as uow:
            uow.plan.save_goal(back)
            uow.plan.save_goal(withdraw_phase(back))
        with store.read() as uow:
            assert replace(room.goal, version=5) == uow.plan.goal(room.goal.id)

    def test_a_repeated_tap_gives_the_first_point(self, store: Store, room: a.Classroom) -> None:
        """The same recorder's key twice stores one point; the same key of another recorder is another."""
        first = a.a_point(room.goal)
        again = a.a_point(room.goal, client_key=first.client_key, recorder_id=first.recorder_id, score=10.0)
        other = a.a_point(room.goal, client_key=first.client_key)
        with store.write() as uow:
            assert first == uow.plan.add_point(first)
            assert first == uow.plan.add_point(again)
            assert other == uow.plan.add_point(other)
        with store.read() as uow:
            assert {first, other} == set(uow.plan.history_of_goal(room.goal.id))
            assert uow.plan.point(again.id) is None

    def test_a_taken_id_is_no_repeated_tap(self, store: Store, room: a.Classroom) -> None:
        """Another point under an id that is taken is refused, not passed off as stored."""
        first = a.a_point(room.goal)
        with store.write() as uow:
            uow.plan.add_point(first)
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.plan.add_point(a.a_point(room.goal, id=first.id))

    def test_a_point_needs_its_goal(self, store: Store, room: a.Classroom) -> None:
        """A point of a goal that is not in the site is refused."""
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.plan.add_point(a.a_point(room.goal, goal_id=GoalId(new_uuid7())))

    def test_corrected_points_stand_back_and_stay(self, store: Store, room: a.Classroom) -> None:
        """Standing points leave corrected ones out, whatever their day; the history keeps them."""
        wrong = a.a_point(room.goal, observed_on=a.TODAY - 3 * DAY)
        right = a.a_point(room.goal, supersedes=wrong.id, observed_on=a.TODAY - 5 * DAY)
        last = a.a_point(room.goal, received_at=a.NOW + MINUTE)
        other = a.a_goal(room.student.id)
        with store.write() as uow:
            uow.plan.add_goal(other)
            for point in (last, wrong, right):
                uow.plan.add_point(point)
        with store.read() as uow:
            found = uow.plan.points_of_goals([room.goal.id, other.id])
            assert {room.goal.id: [right, last], other.id: []} == {k: list(v) for k, v in found.items()}
            recent = uow.plan.points_of_goals([room.goal.id], since=a.TODAY - 4 * DAY)
            assert [last] == list(recent[room.goal.id])
            assert {wrong, right, last} == set(uow.plan.history_of_goal(room.goal.id))
            assert last == uow.plan.history_of_goal(room.goal.id)[-1]
            assert wrong == uow.plan.point(wrong.id)
            assert uow.plan.point(PointId(new_uuid7())) is None
            assert {} == dict(uow.plan.points_of_goals([]))

    def test_points_come_oldest_first(self, store: Store, room: a.Classroom) -> None:
        """By school day, then by instant, then by id."""
        points = [
            a.a_point(room.goal, observed_on=a.TODAY - DAY, observed_at=a.NOW + DAY),
            a.a_point(room.goal, observed_at=a.NOW - MINUTE),
            a.a_point(room.goal),
            a.a_point(room.goal),
        ]
        points[2:] = sorted(points[2:], key=lambda point: point.id)
        with store.write() as uow:
            for point in reversed(points):
                uow.plan.add_point(point)
        with store.read() as uow:
            assert points == list(uow.plan.points_of_goals([room.goal.id])[room.goal.id])

    def test_a_set_is_begun_once_and_ended_once(self, store: Store, room: a.Classroom) -> None:
        """A repeated beginning gives the first set; a second end changes nothing."""
        begun = a.a_set(room.goal)
        with store.write() as uow:
            again = replace(begun, id=TrialSetId(new_uuid7()))
            assert [begun, begun] == [uow.plan.add_set(begun), uow.plan.add_set(again)]
            assert [begun] == list(uow.plan.open_sets_of(begun.recorder_id))
        ended = end_set(begun, a.NOW + MINUTE)
        with store.write() as uow:
            uow.plan.save_set(ended)
            uow.plan.save_set(end_set(begun, a.NOW + 2 * MINUTE))
            with pytest.raises(NotFound):
                uow.plan.save_set(a.a_set(room.goal, ended_at=a.NOW))
        with store.read() as uow:
            assert ended == uow.plan.set(begun.id)
            assert [] == list(uow.plan.open_sets_of(begun.recorder_id))
            assert uow.plan.set(TrialSetId(new_uuid7())) is None

    def test_tries_come_in_the_order_tapped(self, store: Store, room: a.Classroom) -> None:
        """A repeated tap gives the first line; lines come in the order of the fingers, per asked set."""
        begun, empty = a.a_set(room.goal), a.a_set(room.goal)
        second = a.a_trial(begun, at=a.NOW + MINUTE)
        first = a.a_trial(begun, received_at=a.NOW + 5 * MINUTE)
        with store.write() as uow:
            uow.plan.add_set(begun)
            uow.plan.add_set(empty)
            assert second == uow.plan.add_trial(second)
            assert first == uow.plan.add_trial(first)
            repeated = a.a_trial(begun, client_key=first.client_key, outcome=TrialOutcome.PROMPTED)
            assert first == uow.plan.add_trial(repeated)
        with store.read() as uow:
            found = uow.plan.trials_of_sets([begun.id, empty.id])
            assert {begun.id: [first, second], empty.id: []} == {k: list(v) for k, v in found.items()}

    def test_idle_sets_are_open_and_silent(self, store: Store, room: a.Classroom) -> None:
        """Idle: begun and last tapped before the given instant, and still open."""
        idle = a.a_set(room.goal)
        alive = a.a_set(room.goal)
        young = a.a_set(room.goal, started_at=a.NOW + 5 * MINUTE)
        ended = a.a_set(room.goal, ended_at=a.NOW)
        with store.write() as uow:
            for trial_set in (idle, alive, young, ended):
                uow.plan.add_set(trial_set)
            uow.plan.add_trial(a.a_trial(idle))
            uow.plan.add_trial(a.a_trial(alive, received_at=a.NOW + 5 * MINUTE))
        with store.read() as uow:
            assert [idle] == list(uow.plan.idle_sets(before=a.NOW + 5 * MINUTE))
            assert [] == list(uow.plan.idle_sets(before=a.NOW))
