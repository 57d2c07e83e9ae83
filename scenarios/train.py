"""How does a run go? Evaluate, warm up on demonstrations, learn from rollouts, evaluate again; resumable anywhere.

A run is a sequence of optimiser steps. After any of them its state can be saved, in the middle of a rollout that is
learnt from several times too, and a run that is resumed gives the same numbers as one that was never stopped.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType

import torch

from syllogym.algorithms.core.learner import Diverged
from syllogym.errors import UserError
from syllogym.scenarios.build import policy_folders, policy_players
from syllogym.scenarios.checkpoint import latest_checkpoint, load_state, save_checkpoint
from syllogym.scenarios.display import Display
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.record import accuracy_of
from syllogym.scenarios.report import write_summary
from syllogym.scenarios.run_directory import RunDirectory
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.try_out import try_out


class Interrupted(UserError):
    """The run was stopped by the user; its state is saved and the message says how to go on."""

    exit_status = 130


def train(
    scenario: str | None = None,
    overrides: Sequence[str] = (),
    run_dir: Path | None = None,
    resume: bool = False,
) -> Path:
    """Train as a scenario says.

    Args:
        scenario: its name or file; not needed to resume.
        overrides: settings such as ``train.steps=10``.
        run_dir: where the run's files go; a new folder in ``runs`` when None.
        resume: go on from the newest checkpoint in `run_dir`, with the scenario saved there.

    Returns:
        The run directory.

    Raises:
        Interrupted: on Ctrl-C, after saving.
    """
    if resume:
        if run_dir is None:
            raise UserError("Which run should be resumed? Name its folder with --run-dir.")
        if overrides:
            raise UserError("A resumed run keeps its settings; start a new one to change them with --set.")
        file = run_dir / "scenario.yaml"
        if not file.is_file():
            raise UserError(f"There is no run in {run_dir}: it has no scenario.yaml.")
        if (run_dir / "model").is_dir():
            raise UserError(f"The run in {run_dir} is finished. See it with: syllogym evaluate {run_dir}")
        settings, _ = load(file, Scenario)
    else:
        if scenario is None:
            raise UserError("Which scenario should be trained? `syllogym list scenarios` shows them.")
        settings, _ = load(scenario, Scenario, overrides)
        run_dir = run_dir or _new_folder(scenario)
    run = RunDirectory(run_dir)
    try_out(settings)
    stage = _first_stage(settings, run, resume)
    if not resume:
        run.create(settings.model_dump(mode="json"))
    with (
        closing(settings.engine),
        Display(settings.description or run_dir.name, []) as display,
        _StopOnSignal() as stop,
    ):
        _Run(settings, run, display, stop).go(stage)
    return run_dir


def _first_stage(settings: Scenario, run: RunDirectory, resume: bool) -> Stage:
    """Return the stage to begin with; on resume, as the newest checkpoint has it (a new one if none was saved yet)."""
    name = "warmup" if settings.warmup else "train"
    if not resume:
        return make_stage(name, settings)
    if not any(run.checkpoints.glob("step-*")):
        run.rewind(run.nothing())
        return make_stage(name, settings)
    checkpoint = latest_checkpoint(run.checkpoints)
    state = load_state(checkpoint)
    run.rewind(state["files"])
    stage = make_stage(state["stage"], settings, path=checkpoint)
    stage.load_state_dict(state)
    return stage


class _Run:
    """The stages of one run, one after the other."""

    def __init__(self, settings: Scenario, run: RunDirectory, display: Display, stop: _StopOnSignal) -> None:
        self.settings = settings
        self.run = run
        self.display = display
        self.stop = stop
        self.told = 0

    def go(self, stage: Stage) -> None:
        if stage.update_in_run == 0:
            self._evaluate(stage, "before")
        if stage.name == "warmup":
            self._learn(stage)
            stage = make_stage("train", self.settings, policies=stage.policies)
            self._keep(stage, self.run.base)
            self._evaluate(stage, "after warm-up")
        elif stage.update == 0 and not self.settings.begins_with_saved_models:
            self._keep(stage, self.run.base)
        self._learn(stage)
        self._evaluate(stage, "after training")
        self.run.close()
        write_summary(self.run.path)
        self._keep(stage, self.run.model)

    def _learn(self, stage: Stage) -> None:
        """Take every remaining optimiser step of a stage."""
        self.display.phase(stage.title, stage.steps)
        with closing(stage):
            while not stage.done:
                self._step(stage)

    def _step(self, stage: Stage) -> None:
        began = time.monotonic()
        try:
            metrics = stage.advance()
        except Diverged as error:
            raise UserError(f"{stage.title}, step {stage.step}: {error}{self._inquest(stage, error)}") from error
        if metrics is not None:
            metrics["step_seconds"] = time.monotonic() - began
            fault = stage.most_frequent_fault()
            self.run.log(stage.name, stage.step, {**metrics, **({"fault": fault} if fault else {})})
            self.run.log_episodes(stage.episodes)
            self.display.step(stage.step, metrics)
            self._tell(fault, metrics.get("faults", 0.0))
            if stage.wants_evaluation():
                self._evaluate(stage, f"step {stage.step}")
        every = self.settings.checkpoint.every
        if self.stop.asked or (every and stage.update % every == 0):
            self._save(stage)
        if self.stop.asked:
            raise Interrupted(f"Stopped and saved. Go on with: syllogym train --resume --run-dir {self.run.path}")

    def _tell(self, fault: str, count: float) -> None:
        """Show which fault is the most frequent, with the first and whenever there are twice as many."""
        if fault and count >= 2 * self.told:
            self.told = int(count)
            self.display.note(f"episodes lost to faults so far: {count:.0f}; most often, {fault}")

    def _evaluate(self, stage: Stage, label: str) -> None:
        self.display.note(f"evaluating: {label}")
        stage.settle()
        players = policy_players(self.settings, stage.policies, greedy=True)
        report, episodes = held_out(self.settings, players, label, self.run.base)
        self.run.log("evaluate", stage.step, {**report, "stage": stage.name})
        self.run.log_episodes(episodes[:3])
        lost = f" ({report['faults']} more lost to faults: {report['fault']})" if "faults" in report else ""
        self.display.note(f"{label}: accuracy {accuracy_of(report)} on {report['episodes']} held-out instances{lost}")

    def _save(self, stage: Stage) -> None:
        state = {"stage": stage.name, "files": self.run.offsets(), **stage.state_dict()}
        places = policy_folders(self.settings, Path())
        policies = {places[name]: policy for name, policy in stage.policies.items()}
        save_checkpoint(self.run.checkpoints, stage.update_in_run, policies, state, self.settings.checkpoint.keep)

    def _keep(self, stage: Stage, final: Path) -> None:
        """Write the policies in Hugging Face format, whole or not at all, in the place of those that are there."""
        part = final.with_name(f".{final.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        for name, folder in policy_folders(self.settings, part).items():
            stage.policies[name].save(folder)
        shutil.rmtree(final, ignore_errors=True)
        os.replace(part, final)

    def _inquest(self, stage: Stage, error: Diverged) -> str:
        """Save what the step was to learn from; return where to look."""
        path = self.run.path / "diverged.pt"
        where = {"stage": stage.name, "step": stage.step, "update": stage.update}
        torch.save({**where, **error.learnt}, path)
        last = f" The last checkpoint is in {self.run.checkpoints}." if self.run.checkpoints.is_dir() else ""
        return f" Its batch is saved in {path}.{last}"


class _StopOnSignal:
    """Notes the first Ctrl-C, so that the step under way is finished and saved; the second stops at once."""

    asked = False

    def __enter__(self) -> _StopOnSignal:
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:  # not in the main thread: nobody can press Ctrl-C here
            self._before = None
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def _new_folder(scenario: str) -> Path:
    name = Path(scenario).stem
    return next(folder for n in range(1, 10**6) if not (folder := Path("runs") / f"{name}-{n:03d}").exists())
