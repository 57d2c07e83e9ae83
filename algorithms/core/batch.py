"""What does a method see of the episodes? Flat arrays over action tokens, and nothing else.

Prompts, observations and padding do not exist here, so no return or advantage can leak through them. Tokens stand in
order of time inside each trajectory (what one agent did in one episode), trajectories one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from math import isnan, nan
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

from syllogym.agents.episode import Episode, Step


class Totals(NamedTuple):
    """How much the whole optimiser step holds: the denominators of every loss, however it is cut up."""

    tokens: int
    sequences: int


Place: TypeAlias = Callable[[Sequence[int], int], int]
"""Finds the token, of the sampled ids of a reply, with which its text first has so many characters."""

_NOTHING = Totals(0, 0)
_SAMPLED = ("position", "trajectory", "last", "reward", "engine", "version")
_SCORED = ("process", "proximal", "entropy", "reference", "teacher", "values")
_BY_TRAJECTORY = ("outcome", "group", "correct", "others", "cut", "truncated", "role", "demonstrated")


@dataclass(slots=True)
class Batch:
    """A action tokens of N sequences (engine contexts) of M trajectories.

    Attributes:
        sequences: N tensors of token ids, prompts included, for the forward pass only.
        sequence, position: (A,) which sequence a token stands in, and where.
        trajectory: (A,) which trajectory a token belongs to, from 0 to M - 1 without gaps.
        last: (A,) true at the last token of each reply, where a turn's reward is paid.
        reward: (A,) reward paid at each token.
        engine: (A,) log-probs as the sampling engine reported them; NaN where it reported none.
        version: (A,) weight version that sampled each token.
        outcome: (M,) sum of each trajectory's rewards.
        group: (M,) trajectories with one number did the same task in the same role.
        correct: (M,) what the reward part ``correct`` paid, the raw metric; NaN where the environment pays none.
        others: (M,) the same of the other agents of the episode, averaged over those who were paid any; NaN without.
        cut: (M,) true where a reply reached the token limit. truncated: (M,) where the episode ended by a time limit.
        role: (M,) who acted, an index into `roles`.
        roles: names of the agents.
        demonstrated: (M,) true where the reference solver wrote the tokens, not the policy.
        process: (A,) what was paid inside a reply, where a step of it ends, as a part of `reward`; NaN at other tokens.
            None where no token of the batch was paid so.
        proximal: (A,) log-probs of the weights with which learning from this rollout begins, recomputed: those that
            sampled, unless older ones did. None until somebody needs them.
        entropy: (A,) entropy of those weights' distributions; None where `proximal` is.
        reference: (A,) log-probs of the frozen reference; None when no KL term wants them.
        teacher: (A,) log-probs of a teacher; None without one.
        values: (A,) the critic's values when learning begins; None without a critic.
        totals: of the whole optimiser step.
    """

    sequences: list[Tensor]
    sequence: Tensor
    position: Tensor
    trajectory: Tensor
    last: Tensor
    reward: Tensor
    engine: Tensor
    version: Tensor
    outcome: Tensor
    group: Tensor
    correct: Tensor
    cut: Tensor
    truncated: Tensor
    role: Tensor
    roles: list[str]
    demonstrated: Tensor
    others: Tensor | None = None
    process: Tensor | None = None
    proximal: Tensor | None = None
    entropy: Tensor | None = None
    reference: Tensor | None = None
    teacher: Tensor | None = None
    values: Tensor | None = None
    totals: Totals = _NOTHING

    @classmethod
    def of(cls, episodes: Sequence[Episode], roles: Collection[str] | None = None, place: Place | None = None) -> Batch:
        """Collect the sampled tokens of the given roles (all when None).

        What somebody else said who was cast for a role (`Episode.cast`) is not the policy's, and left out. A step that
        several contexts share is counted once, in the first; one that a branch was given (`Step.given`) is context
        only. `place` finds the tokens at which process rewards are paid (`ChatFormat.token_at`); without it they are
        paid at the end of their reply. Raises ValueError when nothing was sampled.
        """
        return _Collector(roles, place).collect(episodes)

    def __len__(self) -> int:
        return len(self.sequence)

    @property
    def trajectories(self) -> int:
        """M."""
        return len(self.outcome)

    @property
    def tokens(self) -> Tensor:
        """Return the id of each action token, (A,)."""
        lengths = torch.tensor([len(ids) for ids in self.sequences])
        start = lengths.cumsum(0) - lengths
        return torch.cat(self.sequences)[start[self.sequence] + self.position]

    def select(self, keep: Tensor) -> tuple[Batch, Tensor]:
        """Take the trajectories whose numbers are in `keep`, renumbered from 0 in that order, with totals of their own.

        Returns:
            The part, and the indices (A_part,) its tokens have here.
        """
        rank = torch.full((self.trajectories,), -1, dtype=torch.long)
        rank[keep] = torch.arange(len(keep))
        index = torch.argsort(rank[self.trajectory], stable=True)
        index = index[rank[self.trajectory[index]] >= 0]
        part = self.at(index)
        part.trajectory = rank[part.trajectory]
        for name in _BY_TRAJECTORY:
            column = getattr(self, name)
            setattr(part, name, None if column is None else column[keep])
        part.totals = Totals(len(part), len(part.sequences))
        return part, index

    def micro_batches(self, tokens: int) -> list[tuple[Batch, Tensor]]:
        """Cut into parts of whole sequences with at most `tokens` padded tokens each (one sequence at the least).

        Returns:
            Each part with the indices (A_part,) its tokens have here; totals stay those of the whole.
        """
        length = torch.tensor([len(ids) for ids in self.sequences])
        group = torch.zeros_like(length)
        group[self.sequence] = self.group[self.trajectory].unique(return_inverse=True)[1]
        longest = torch.zeros_like(length).scatter_reduce(0, group, length, "amax")[group]
        # A group shares its prompt, so it stays together; those beside each other are of like length.
        rank = list(zip((-longest).tolist(), group.tolist(), (-length).tolist(), strict=True))
        parts: list[list[int]] = [[]]
        widest = 0
        for at in sorted(range(len(rank)), key=rank.__getitem__):
            widest = max(widest, len(self.sequences[at]))
            if parts[-1] and widest * (len(parts[-1]) + 1) > tokens:
                parts.append([])
                widest = len(self.sequences[at])
            parts[-1].append(at)
        cut = []
        for part in parts:
            index = torch.isin(self.sequence, torch.tensor(part)).nonzero()[:, 0]
            cut.append((self.at(index), index))
        return cut

    def counting(self, keep: Tensor) -> Batch:
        """Return this batch with the totals of the tokens where `keep` (A,) is true, 1 at the least.

        A sequence without any leaves the count of sequences too.
        """
        tokens, sequences = int(keep.sum()), len(self.sequence[keep].unique())
        return replace(self, totals=Totals(max(1, tokens), max(1, sequences)))

    def at(self, index: Tensor) -> Batch:
        """Take the tokens at `index` with the sequences they stand in; trajectory numbers and totals stay."""
        used, sequence = torch.unique(self.sequence[index], return_inverse=True)
        chosen = {name: column[index] for name in (*_SAMPLED, *_SCORED) if (column := getattr(self, name)) is not None}
        return replace(self, sequences=[self.sequences[at] for at in used.tolist()], sequence=sequence, **chosen)

    def state_dict(self) -> dict[str, object]:
        """Return everything as plain tensors, for a checkpoint."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"totals": tuple(self.totals)}

    @classmethod
    def from_state_dict(cls, state: dict[str, object]) -> Batch:
        """Rebuild what `state_dict` returned."""
        return cls(**{**state, "totals": Totals(*state["totals"])})  # type: ignore[arg-type,misc]


_FLOATS = ("reward", "process", "engine", "outcome", "correct", "others")


def _column(name: str, values: list[float]) -> Tensor:
    if name in ("last", "cut", "truncated", "demonstrated"):
        return torch.tensor(values, dtype=torch.bool)
    return torch.tensor(values, dtype=torch.float32 if name in _FLOATS else torch.long)


def _correct_of_others(episode: Episode, agent: str) -> float:
    others = dict.fromkeys(step.agent for step in episode.steps if step.agent != agent)
    paid = [correct for other in others if (correct := episode.part("correct", other)) is not None]
    return sum(paid) / len(paid) if paid else nan


def _learnt(step: Step) -> bool:
    return bool(step.token_ids) and not step.given


class _Collector:
    """Walks over episodes and writes the columns of a batch."""

    def __init__(self, roles: Collection[str] | None, place: Place | None) -> None:
        self.roles = roles
        self.place = place
        self.sequences: list[Tensor] = []
        self.columns: dict[str, list[float]] = {
            name: []
            for name in ("sequence", "position", "trajectory", "last", "reward", "process", "engine", "version")
        }
        self.rows: dict[str, list[float]] = {name: [] for name in _BY_TRAJECTORY}
        self.groups: dict[tuple[int, str], int] = {}
        self.names: dict[str, int] = {}

    def collect(self, episodes: Sequence[Episode]) -> Batch:
        for episode in episodes:
            agents = dict.fromkeys(step.agent for step in episode.steps if _learnt(step))
            for agent in episode.own(agents):
                if self.roles is None or agent in self.roles:
                    self._trajectory(episode, agent)
        if not self.columns["sequence"]:
            raise ValueError("None of the episodes holds a sampled token of the roles that train.")
        columns = {name: _column(name, values) for name, values in (self.columns | self.rows).items()}
        columns = {name: column for name, column in columns.items() if name != "process" or not column.isnan().all()}
        totals = Totals(len(self.columns["sequence"]), len(self.sequences))
        return Batch(sequences=self.sequences, roles=list(self.names), totals=totals, **columns)

    def _trajectory(self, episode: Episode, agent: str) -> None:
        places = self._contexts(episode, agent)
        for at, step in enumerate(episode.steps):
            if at in places and _learnt(step):
                sequence, start = places[at]
                count = len(step.token_ids)
                self.columns["sequence"] += [sequence] * count
                self.columns["position"] += range(start, start + count)
                self.columns["trajectory"] += [len(self.rows["outcome"])] * count
                self.columns["last"] += [0] * (count - 1) + [1]
                process = self._process(step)
                inside = [0.0 if isnan(value) else value for value in process]
                inside[-1] += step.reward - sum(inside)
                self.columns["reward"] += inside
                self.columns["process"] += process
                self.columns["engine"] += step.logprobs or [float("nan")] * count
                self.columns["version"] += step.versions()
        correct = episode.part("correct", agent)
        row = {
            "outcome": episode.reward(agent),
            "group": self.groups.setdefault((episode.group, agent), len(self.groups)),
            "correct": float("nan") if correct is None else correct,
            "others": _correct_of_others(episode, agent),
            "cut": any(step.finish == "length" for step in episode.steps if step.agent == agent),
            "truncated": episode.truncated,
            "role": self.names.setdefault(agent, len(self.names)),
            "demonstrated": episode.demonstrated,
        }
        for name, value in row.items():
            self.rows[name].append(value)

    def _process(self, step: Step) -> list[float]:
        """Return what is paid inside a reply, token by token, NaN where nothing is."""
        paid = [nan] * len(step.token_ids)
        for _, end, value in step.spans:
            at = len(paid) - 1 if self.place is None else self.place(step.token_ids, end)
            paid[at] = value + (0.0 if isnan(paid[at]) else paid[at])
        return paid

    def _contexts(self, episode: Episode, agent: str) -> dict[int, tuple[int, int]]:
        """Store every context of the agent; return for each step its sequence and where its sampled tokens begin."""
        places: dict[int, tuple[int, int]] = {}
        for leaf in episode.leaves():
            chain = episode.chain(leaf)
            if episode.steps[leaf].agent != agent or not any(_learnt(episode.steps[at]) for at in chain):
                continue
            ids: list[int] = []
            for at in chain:
                step = episode.steps[at]
                ids += step.prompt_ids
                places.setdefault(at, (len(self.sequences), len(ids)))
                ids += step.token_ids
            self.sequences.append(torch.tensor(ids))
        return places
