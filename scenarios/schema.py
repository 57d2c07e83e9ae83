"""What may a scenario say? Every key, its type and its default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveInt, model_validator

from syllogym import agents, algorithms, envs
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import Context, Player
from syllogym.agents.rollout import Overflow
from syllogym.agents.several import Several
from syllogym.agents.tool_formats import FORMATS
from syllogym.algorithms.core.learner import Optimiser
from syllogym.errors import UnknownName, UserError, check_choice, check_options
from syllogym.scenarios.asynchronous_spec import AsynchronousSpec
from syllogym.scenarios.credit import CreditSpec
from syllogym.scenarios.engine_spec import EngineSpec
from syllogym.scenarios.environment_spec import EnvironmentSpec
from syllogym.scenarios.evaluate_spec import EvaluateSpec
from syllogym.scenarios.league_spec import LeagueSpec
from syllogym.scenarios.mappings import Strict
from syllogym.scenarios.member_spec import AlgorithmSpec, Member, MemberSpec
from syllogym.scenarios.memory_spec import MemorySpec
from syllogym.scenarios.player_spec import PlayerSpec
from syllogym.scenarios.policy_spec import PolicySpec
from syllogym.scenarios.schedule import Phase
from syllogym.scenarios.warmup_spec import WarmupSpec


class TrainSpec(Strict):
    """Reinforcement learning. A list in its place is the schedule, all else as by default.

    Attributes:
        steps: rollouts, each learnt from in the algorithm's epochs and minibatches.
        schedule: which roles learn when; all of them in every step when it is empty.
        asynchronous: play while learning goes on; null plays and learns in turn.
        prompts: different tasks in a rollout. group: replies to each.
        instances: learn from this many instances again and again, in epochs; null draws new ones without end.
        branch: further groups for each task, of `group` replies each, that go on from the middle of its episodes.
        refills: further rounds that may be played when a method finds groups uninformative.
        oversample: where a method finds groups uninformative, so many times the missing groups are played at once, and
            those that turn out not to be needed are cancelled.
        live: episodes under way at one time.
        threads: in which environments that block are called.
        turn_timeout: seconds an environment may take for one call; more is a fault.
        episode_timeout: seconds an episode may take in all; null for no bound.
        max_faults: share of a rollout that may be lost to faults.
        overflow: what happens when a context is too long for its model: ``stop`` the run, or ``end`` that episode.
    """

    steps: PositiveInt = 80
    schedule: list[Phase] = []
    asynchronous: AsynchronousSpec | None = None
    prompts: PositiveInt = 32
    group: PositiveInt = 8
    instances: PositiveInt | None = None
    branch: int = Field(default=0, ge=0)
    refills: int = Field(default=10, ge=0)
    oversample: float = Field(default=1.0, ge=1, le=10)
    live: PositiveInt = 4096
    threads: int = Field(default=32, ge=1, le=1024)
    turn_timeout: float = Field(default=60.0, gt=0)
    episode_timeout: float | None = Field(default=None, gt=0)
    max_faults: float = Field(default=0.1, ge=0, le=1)
    overflow: Overflow = "stop"

    @model_validator(mode="before")
    @classmethod
    def _by_schedule(cls, value: Any) -> Any:
        return {"schedule": value} if isinstance(value, list) else value


class CheckpointSpec(Strict):
    """How often the run is saved (in optimiser steps; 0 for only on Ctrl-C) and how many checkpoints are kept."""

    every: int = Field(default=50, ge=0)
    keep: PositiveInt = 2


class Scenario(Strict):
    """Everything a run needs to be repeated.

    Attributes:
        policy, algorithm, optimiser, sampling, credit: what is trained, how, and what its roles are paid for; for a
            team, what its members share.
        team: several trained policies by name, each with what it has of its own.
        players: who answers for each agent of the environment: a member of the team (``policy`` where there is no
            team), or a scripted agent: its name, or a mapping with its options. Left out, an agent is played by
            the member of its own name.
        league: past selves of the policies to play against.
        teacher: a frozen policy to learn from, for methods that want one.
        engine: what samples the policies' replies.
        context: ``conversation`` grows each agent's context by what is new; ``markov`` makes every turn a new prompt.
        memory: how much of the conversation policies are shown; all of it when null.
        tool_calls: in which form policies write tool calls; ``auto`` goes by each one's chat template.
        threads: of PyTorch on a CPU; null leaves its own choice. One is fastest for tiny models.
        device: ``auto`` is a GPU where there is one.
    """

    description: str = ""
    environment: EnvironmentSpec
    policy: PolicySpec | None = None
    team: dict[str, MemberSpec] = {}
    players: dict[str, PlayerSpec] = {}
    league: LeagueSpec | None = None
    teacher: PolicySpec | None = None
    engine: EngineSpec = Field(default_factory=EngineSpec)
    context: Context = "conversation"
    memory: MemorySpec | None = None
    tool_calls: str = "auto"
    warmup: WarmupSpec | None = None
    algorithm: AlgorithmSpec | None = None
    train: TrainSpec = TrainSpec()
    optimiser: Optimiser = Optimiser()
    sampling: Sampling = Sampling()
    credit: CreditSpec = CreditSpec()
    evaluate: EvaluateSpec = EvaluateSpec()
    checkpoint: CheckpointSpec = CheckpointSpec()
    seed: int = 0
    threads: PositiveInt | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"

    alone: ClassVar[str] = "policy"

    @model_validator(mode="after")
    def _fits(self) -> Scenario:
        if self.policy is None and not self.team and self.evaluate.stands_alone():
            return self
        check_options(f"players of {self.environment.name}", self._agents, self.players)
        for agent, name in self.bound.items():
            if name not in self._names:
                self._check_scripted(agent, name)
            elif agent in self.players and self.players[agent].options:
                raise ValueError(f"players.{agent}: {name} is a member of the team; it takes no options there")
        if not self.roles:
            raise ValueError("players: nobody is played by the policy, so nothing would be trained")
        for name in self._names:
            self._check_member(name)
        if self.league is not None and self.train.asynchronous:
            raise ValueError("league: past selves are met in one rollout at a time; leave train.asynchronous out")
        if self.league is not None:
            members = self.members
            kinds = {name: member.policy.kind for name, member in members.items()}
            self.league.check(self.roles, kinds, {name: member.credit.name for name, member in members.items()})
        if self.evaluate.against and len(self._agents) < 2:
            raise ValueError(f"evaluate.against: {self.environment.name} has one agent, which plays against nobody")
        if self.train.branch:
            self._check_branches()
        check_choice("tool_calls", self.tool_calls, ["auto", *FORMATS])
        if self.memory is not None and self.context == "markov":
            raise ValueError("memory: with context: markov every turn is a prompt of its own; leave one of them out")
        if self.teacher is not None and self.teacher.kind != "tokens":
            raise ValueError("teacher: it scores tokens, so it is a model or a tiny one")
        for phase in self.train.schedule:
            for role in phase.roles:
                check_choice("train.schedule: role", role, self.roles)
        return self

    def _check_branches(self) -> None:
        bound = self.environment.max_turns or envs.get(self.environment.name).max_turns
        if bound == 1:
            raise ValueError(f"train.branch: an episode of {self.environment.name} has one turn, and so no middle")
        if self.league is not None:
            raise ValueError("train.branch: a league draws anew who plays, in the middle too; leave one of them out")
        for member in self.members.values():
            if not algorithms.get(member.algorithm.name).needs_groups:
                raise ValueError(
                    f"train.branch: {member.algorithm.name} does not compare the replies of a group, which is all that "
                    "branches are for; choose a method that does, such as grpo"
                )
            if member.credit.replays or member.credit.name == "frozen_partner":
                raise ValueError(
                    f"train.branch: with the credit {member.credit.name} episodes are played again from their "
                    "beginning; leave one of them out"
                )

    def _check_scripted(self, agent: str, name: str) -> None:
        members = ", ".join(self._names)
        if name == "past_self":
            raise ValueError(
                f"players.{agent}: past selves play in a league; bind {agent} to a policy, and add league: {{}}"
            )
        try:
            agents.get(name)
        except UnknownName as error:
            if name != agent:
                raise
            raise ValueError(
                f"players: who plays {agent}? A member of the team ({members}), or a scripted agent"
            ) from error
        player = self.scripted(agent)
        if isinstance(player, Several) and player.of in self._names:
            raise ValueError(
                f"players.{agent}: {name} chooses among replies, and {player.of} cannot learn from a choice. Bind "
                f"{player.of} itself, and evaluate it with --agent {name}"
            )
        _ = player.context  # makes the player inside, too, so that its mistakes are named here

    def _check_member(self, name: str) -> None:
        where = f"team.{name}." if self.team else ""
        member = self.members[name]
        if not member.roles:
            raise ValueError(f"team.{name}: it plays nobody; bind it in players, as in {{{self._agents[0]}: {name}}}")
        algorithm = algorithms.get(member.algorithm.name)
        member.policy.check_learnt(where, member.algorithm.name, algorithm.learns)
        if algorithm.learns != "tokens" and self.warmup:
            raise ValueError(f"warmup: {member.algorithm.name} imitates nobody; leave it out")
        if algorithm.learns != "tokens" and self.train.asynchronous:
            raise ValueError(f"train.asynchronous: {member.algorithm.name} learns while it plays; leave it out")
        if algorithm.learns != "tokens" and self.train.schedule:
            raise ValueError(f"train.schedule: {member.algorithm.name} learns while it plays; leave it out")
        if algorithm.needs_groups and self.train.group < 2:
            raise ValueError(f"train.group must be at least 2 for {member.algorithm.name}; it is {self.train.group}")
        if algorithm.needs_teacher and self.teacher is None:
            raise ValueError(f"{member.algorithm.name} learns from a teacher: name one in teacher.model")
        if member.sampling.truncates:
            raise ValueError(f"{where}sampling: top_k, top_p and min_p would bias training; leave them out")
        if member.sampling.temperature == 0:
            raise ValueError(f"{where}sampling.temperature must be above 0: training learns from different replies")
        if self.train.asynchronous:
            if member.credit.name == "role_baseline":
                raise ValueError("train.asynchronous: the credit role_baseline wants one rollout after the other")
            member.algorithm.correct_staleness()

    @property
    def needs_demonstrations(self) -> bool:
        """Whether the environment's reference solver has to show how its tasks are solved."""
        methods = (algorithms.get(member.algorithm.name) for member in self.members.values())
        return self.warmup is not None or any(method.needs_demonstrations for method in methods)

    @property
    def _names(self) -> list[str]:
        return list(self.team) or [self.alone]

    @property
    def _agents(self) -> Sequence[str]:
        return tuple(envs.get(self.environment.name).agents)

    @property
    def bound(self) -> dict[str, str]:
        """Return who plays each agent: the name of a member, or of a scripted agent."""
        given = {agent: player.name for agent, player in self.players.items()}
        return {agent: given.get(agent, agent if self.team else self.alone) for agent in self._agents}

    def scripted(self, agent: str) -> Player:
        """Return the scripted agent that plays `agent`: one in all of a run, so that its account is the run's."""
        return (self.players.get(agent) or PlayerSpec(name=self.bound[agent])).player

    @property
    def begins_with_saved_models(self) -> bool:
        """Whether reinforcement learning begins with `policy.model` as it is, which can be loaded again."""
        return self.warmup is None and all(member.policy.model is not None for member in self.members.values())

    @property
    def roles(self) -> list[str]:
        """Return the agents that trained policies play."""
        return [agent for agent, name in self.bound.items() if name in self._names]

    @property
    def members(self) -> dict[str, Member]:
        """Return every trained policy with its settings resolved."""
        return {name: self._member(name) for name in self._names}

    def _member(self, name: str) -> Member:
        own = self.team.get(name, MemberSpec())
        policy, algorithm = own.policy or self.policy, own.algorithm or self.algorithm
        for key, value in (("policy", policy), ("algorithm", algorithm)):
            if value is None:
                raise UserError(
                    f"{key}: a scenario that is trained needs one"
                    + (f", or team.{name} one of its own" if self.team else "")
                )
        assert policy is not None and algorithm is not None
        roles = [agent for agent, player in self.bound.items() if player == name]
        how = {key: getattr(own, key) or getattr(self, key) for key in ("optimiser", "sampling", "credit")}
        return Member(policy, algorithm, **how, roles=roles)
