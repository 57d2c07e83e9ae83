"""How do policies learn from their own episodes? Groups of replies to each task, by the method each one is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode, success
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Task
from syllogym.envs.curriculum import Curriculum
from syllogym.errors import UserError
from syllogym.scenarios.branching import Branching
from syllogym.scenarios.build import Trained, make_rollouts, make_tasks, make_teacher, policy_players
from syllogym.scenarios.demonstrations import Demonstrations
from syllogym.scenarios.instances import Instances
from syllogym.scenarios.league import PastSelves
from syllogym.scenarios.lessons import Lessons
from syllogym.scenarios.member_spec import Member
from syllogym.scenarios.oversampling import FirstInformative
from syllogym.scenarios.schedule import active_steps, alike_at, begins_phase, roles_at, template_at
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Played, Rollout, Stage
from syllogym.scenarios.trainee import Trainee
from syllogym.scenarios.value_trainee import ValueTrainee


class Reinforcement(Stage):
    """Learns from the policies' own episodes by the scenario's algorithms."""

    name = "train"

    def __init__(self, scenario: Scenario, policies: Mapping[str, Trained]) -> None:
        spec = scenario.train
        trainees = {name: _trainee(scenario, name, member, policies[name]) for name, member in scenario.members.items()}
        super().__init__(scenario, trainees, spec.steps)
        self.before = scenario.warmup.steps * len(trainees) if scenario.warmup else 0
        methods = dict.fromkeys(member.algorithm.name for member in scenario.members.values())
        self.title = f"training by {' and '.join(methods)}"
        learning = {name: trainee.player for name, trainee in trainees.items() if isinstance(trainee, ValueTrainee)}
        self.rollouts = make_rollouts(scenario, policy_players(scenario, policies) | learning, self.name)
        models = {name: policy for name, policy in policies.items() if isinstance(policy, Policy)}
        self.league = PastSelves(scenario, models, self.rollouts)
        self.teaching = Lessons(scenario, models, self.rollouts)
        rise = scenario.environment.curriculum
        levels = envs.get(scenario.environment.name).levels
        self.curriculum = Curriculum(levels, raise_at=rise.raise_at, window=rise.window) if rise else None
        self.instances = Instances(spec.instances, self._kept_for_next_epoch, f"{scenario.seed}/epoch")
        shown = any(trainee.needs_demonstrations for trainee in trainees.values())
        self.demonstrations = Demonstrations(scenario, models, "demonstrations") if shown else None

    def training(self, step: int) -> dict[str, list[str]]:
        """Return who learns in a step, and for which roles, as the schedule says."""
        now = roles_at(self.scenario.train.schedule, step, self.scenario.roles)
        learning = {name: [role for role in trainee.roles if role in now] for name, trainee in self.trainees.items()}
        return {name: roles for name, roles in learning.items() if roles}

    def begin(self, step: int) -> None:
        """Ask as the phase has it; keep the partners' weights where it begins, and past selves when it is time."""
        self._ask_as_in(step)
        schedule, training = self.scenario.train.schedule, self.training(step)
        learning = [role for roles in training.values() for role in roles]
        self.rollouts.alike = alike_at(schedule, step, self.scenario.bound, learning)
        self.league.begin(step, training)
        if begins_phase(schedule, step):
            self.teaching.begin_phase()

    def _ask_as_in(self, step: int) -> None:
        """Give the chat templates the arguments of the phase that a step belongs to."""
        for policy in self.policies.values():
            if isinstance(policy, Policy):
                policy.chat.arguments = dict(template_at(self.scenario.train.schedule, step))

    async def play(self, step: int) -> Played:
        """Let the policies play, `group` times on each of `prompts` instances that are worth learning from.

        Where a method finds groups uninformative, others are played in their place, in up to `refills` further rounds,
        each of `oversample` times what is missing.
        """
        spec = self.scenario.train
        training = self.training(step)
        filters = any(self.trainees[name].filters for name in training)
        informative = partial(self._informative, training=training)
        episodes: list[Episode] = []
        kept: dict[int, list[Episode]] = {}
        rounds = 0
        while len(kept) < spec.prompts and rounds <= (spec.refills if filters else 0):
            missing, oversample = spec.prompts - len(kept), spec.oversample if filters else 1.0
            played = _by_instance(await self._round(step, missing, oversample, informative))
            episodes += [episode for group in played.values() for episode in group]
            kept |= {number: group for number, group in played.items() if not filters or informative(group)}
            rounds += 1
        if not kept:
            raise UserError(
                f"{self.name}, step {step}: no group of the {len(episodes)} episodes played in {rounds} rounds is "
                "informative, so there is nothing to learn from. Raise train.refills, or change the difficulty in "
                "environment so that of the replies to one task some are better than others."
            )
        learnt = [episode for group in kept.values() for episode in group] + await self._demonstrated(kept)
        how = {"refills": rounds - 1.0, "kept": float(len(kept))} if filters else {}
        if not spec.branch:
            return Played(episodes, learnt, how)
        grown = await self._branches(step, kept)
        worth = [group for group in grown.values() if not filters or informative(group)]
        learnt += [episode for group in worth for episode in group]
        branched = [episode for group in grown.values() for episode in group]
        return Played(episodes, learnt, {**how, "branches": float(len(worth))}, branched)

    async def _branches(self, step: int, groups: Mapping[int, Sequence[Episode]]) -> dict[int, list[Episode]]:
        """Play on from the middle of episodes that are learnt from; each state that is played on from has a group."""
        spec = self.scenario.train
        roles = [role for roles in self.training(step).values() for role in roles]
        first = step * spec.prompts * spec.branch
        tasks = Branching(spec.branch, spec.group, roles, f"{self.scenario.seed}/branch/{step}", first).tasks(groups)
        if not tasks and not step:
            raise UserError(
                f"train.branch: nobody who learns moves twice in any of the first {sum(map(len, groups.values()))} "
                "episodes, so they have no middle to branch at. Warm up first, or leave it out."
            )
        return _by_instance(await self.rollouts.play(tasks))

    async def _round(
        self, step: int, prompts: int, oversample: float, informative: Callable[[Sequence[Episode]], bool]
    ) -> list[Episode]:
        """Play the next instances, until so many prompts are informative or all are played; note how it went."""
        spec = self.scenario.train
        number, options = self.scenario.environment.stage_at(step / self.steps)
        numbers = self.instances.take(ceil(prompts * oversample), number)
        if self.curriculum:
            options = {**options, **self.curriculum.options()}
        first = self.instances.epoch * spec.group  # an instance met again is not met with the same chance
        tasks = make_tasks(self.scenario, "train", numbers, range(first, first + spec.group), options)
        enough = FirstInformative(numbers, prompts, informative) if oversample > 1 else None
        episodes = await self.rollouts.play(tasks, enough)
        if enough:
            self.instances.put_back(enough.spare)
        self.league.note(episodes)
        for episode in episodes:
            solved = success(episode, self.best, episode.own(self.scenario.roles)[0])
            self.instances.record(episode.group, solved)
            if self.curriculum:
                self.curriculum.update(float(solved))
        return episodes

    async def lessons(self, learnt: list[Episode], step: int) -> tuple[Mapping[str, list[Episode]], dict[str, float]]:
        """Return the episodes that each policy learns from, paid as its credit says, and demonstrations as they are."""
        shown = [episode for episode in learnt if episode.demonstrated]
        played = [episode for episode in learnt if not episode.demonstrated]
        lessons, metrics = await self.teaching.of(played, self.training(step))
        return {name: lesson + shown for name, lesson in lessons.items()}, metrics

    async def rollout(self, step: int) -> Rollout:
        """Add what endpoints cost so far, how past selves did, the faults and the level."""
        rollout = await super().rollout(step)
        rollout.metrics.update(self.league.settle())
        for agent, player in self.rollouts.players.items():
            ledger = getattr(player, "ledger", None)
            if ledger is not None:
                rollout.metrics.update({f"{agent}/{name}": number for name, number in ledger.numbers().items()})
        rollout.metrics["faults"] = float(self.rollouts.faults.total())
        if self.curriculum:
            rollout.metrics["level"] = float(sum(self.curriculum.level.values()))
        return rollout

    def _informative(self, group: Sequence[Episode], training: Mapping[str, list[str]]) -> bool:
        """Whether somebody of `training` has something to learn from the episodes of one task."""
        return any(self.trainees[name].can_learn_from(group, roles) for name, roles in training.items())

    async def _demonstrated(self, groups: Mapping[int, list[Episode]]) -> list[Episode]:
        """Return a demonstration of each group's task, where a method wants them."""
        if self.demonstrations is None:
            return []
        return await self.demonstrations.of([replace(Task.of(group[0]), index=-1) for group in groups.values()])

    def _kept_for_next_epoch(self, history: Mapping[int, Sequence[bool]]) -> set[int]:
        return {number for trainee in self.trainees.values() for number in trainee.keep(history)}

    def most_frequent_fault(self) -> str:
        """Say which fault has taken most episodes since the run began; nothing where none did."""
        return self.rollouts.most_frequent()

    def wants_evaluation(self) -> bool:
        """Whether this step is followed by an evaluation."""
        every = self.scenario.evaluate.every
        return bool(every) and self.step % every == 0 and not self.done

    def state_dict(self) -> dict[str, Any]:
        """Add the instances to come, the curriculum's level, the faults so far, frozen partners and past selves."""
        own = {
            "instances": self.instances.state_dict(),
            "curriculum": self.curriculum.state_dict() if self.curriculum else None,
            "faults": dict(self.rollouts.faults),
            "fault_places": dict(self.rollouts.places),
            "partners": self.teaching.state_dict(),
            "league": self.league.state_dict(),
        }
        return {**super().state_dict(), **own}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        super().load_state_dict(state)
        self._ask_as_in(max(0, self.step - 1))
        self.instances.load_state_dict(state["instances"])
        self.rollouts.faults.update(state["faults"])
        self.rollouts.places.update(state["fault_places"])
        self.teaching.load_state_dict(state["partners"])
        self.league.load_state_dict(state["league"])
        if self.curriculum:
            self.curriculum.load_state_dict(state["curriculum"])


def _by_instance(episodes: Sequence[Episode]) -> dict[int, list[Episode]]:
    groups: dict[int, list[Episode]] = {}
    for episode in episodes:
        groups.setdefault(episode.group, []).append(episode)
    return groups


def _trainee(scenario: Scenario, name: str, member: Member, policy: Trained) -> Trainee | ValueTrainee:
    algorithm = member.algorithm.make()
    ahead = scenario.train.asynchronous
    if not isinstance(policy, Policy):
        return ValueTrainee(
            member.roles, policy, algorithm, member.optimiser, context=scenario.context, seed=scenario.seed
        )
    return Trainee(
        name,
        member.roles,
        policy,
        algorithm,
        member.optimiser,
        steps=active_steps(scenario.train.schedule, scenario.train.steps, member.roles, scenario.roles),
        temperature=member.sampling.temperature,
        staleness=ahead.staleness * algorithm.updates if ahead else None,
        reference=policy.frozen() if algorithm.needs_reference else None,
        teacher=make_teacher(scenario, policy) if algorithm.needs_teacher else None,
    )
