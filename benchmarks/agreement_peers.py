"""How are TRL's and verl's loss functions called on a rollout that is held in plain arrays?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from benchmarks.measure import peer

TRL = "trl==1.16.0 gymnasium pydantic rich"
VERL = "--no-deps verl==0.9.1 && pip install ray hydra-core codetiming tensordict orjson"


def trl_loss(
    loss_type: str,
    *,
    scale: bool,
    epsilon: float = 0.2,
    epsilon_high: float = 0.2,
    level: str = "token",
) -> Callable[[Any], Tensor]:
    """Return TRL's own `GRPOTrainer._compute_loss` as a function of a rollout, with its own group statistics."""
    trainer: Any = peer("trl", TRL).GRPOTrainer

    def loss(rollout: Any) -> Tensor:
        reward = rollout.reward.sum(1)
        groups = reward.view(-1, int((rollout.group == 0).sum()))
        advantage = groups - groups.mean(1, keepdim=True)
        if scale:  # TRL adds 1e-4 to the deviation where the literature adds 1e-6; the formula is the same
            advantage = advantage / (groups.std(1, keepdim=True) + 1e-6)
        zeros = torch.zeros_like(rollout.old)
        whole = SimpleNamespace(
            _get_per_token_logps_and_entropies=lambda *_, **__: (rollout.logp, zeros, None),
            args=SimpleNamespace(delta=None, use_bias_correction_kl=False, steps_per_generation=1),
            accelerator=SimpleNamespace(
                gather=lambda x: x, reduce=lambda x, **_: x, num_processes=1, sync_gradients=True
            ),
            model=SimpleNamespace(training=True),
            _metrics={"train": defaultdict(list)},
            loss_type=loss_type,
            beta=0.0,
            epsilon_low=epsilon,
            epsilon_high=epsilon_high,
            importance_sampling_level=level,
            max_completion_length=rollout.mask.shape[1],
            top_entropy_quantile=1.0,
            off_policy_mask_threshold=None,
            aux_loss_enabled=False,
            use_vllm=False,
            vllm_importance_sampling_correction=False,
            _entropy_bonus_enabled=False,
            current_gradient_accumulation_steps=1,
        )
        ids = torch.zeros_like(rollout.mask, dtype=torch.long)
        inputs = {
            "prompt_ids": ids[:, :1],
            "prompt_mask": ids[:, :1],
            "completion_ids": ids,
            "completion_mask": rollout.mask,
            "advantages": advantage.flatten(),
            "old_per_token_logps": rollout.old,
            "num_items_in_batch": rollout.mask.sum(),
        }
        result: Tensor = trainer._compute_loss(whole, None, inputs)
        return result

    return loss


def verl_functions() -> _Verl:
    """Return verl's functions."""
    return _Verl(peer("verl.trainer.ppo.core_algos", VERL), peer("verl.workers.config", VERL))


class _Verl:
    def __init__(self, functions: Any, config: Any) -> None:
        self.functions = functions
        self.config = config

    def policy(
        self, loss: str, estimator: str, *, how: str = "token-mean", low: float = 0.2, high: float = 0.2, **cov: float
    ) -> Callable[[Any], Tensor]:
        """Return an advantage estimator followed by a policy loss."""

        def run(rollout: Any) -> Tensor:
            config = self.config.ActorConfig(
                strategy="fsdp", rollout_n=4, ppo_micro_batch_size_per_gpu=1,
                clip_ratio_low=low, clip_ratio_high=high, clip_ratio_c=1e9,
                policy_loss=self.config.PolicyLossConfig(ppo_kl_coef=1.0, **cov),
            )  # fmt: skip
            function = self.functions.get_policy_loss_fn(loss)
            advantage = self.advantage(estimator, rollout)
            result: Tensor = function(rollout.old, rollout.logp, advantage, rollout.mask, how, config)[0]
            return result

        return run

    def reinforce(self, estimator: str, *, how: str) -> Callable[[Any], Tensor]:
        """Return an advantage estimator followed by the plain policy gradient."""

        def run(rollout: Any) -> Tensor:
            advantage = self.advantage(estimator, rollout)
            result: Tensor = self.functions.agg_loss(-advantage * rollout.logp, rollout.mask, how)
            return result

        return run

    def advantage(self, estimator: str, rollout: Any) -> Tensor:
        """Return verl's advantages (N, T); the KL penalty of the reward is left out."""
        reward, mask = rollout.reward.clone(), rollout.mask
        if estimator == "gae":
            result = self.functions.compute_gae_advantage_return(reward, rollout.old_values, mask, 1.0, 1.0)
        elif estimator == "reinforce_plus_plus":
            config = SimpleNamespace(gamma=1.0)
            result = self.functions.compute_reinforce_plus_plus_outcome_advantage(reward, mask, config)
        else:
            function = getattr(self.functions, f"compute_{estimator}_outcome_advantage")
            result = function(reward, mask, rollout.group.numpy())
        advantage: Tensor = result[0]
        return advantage

    def kl(self, estimator: str) -> Callable[[Any], Tensor]:
        """Return the mean of a KL estimator."""

        def run(rollout: Any) -> Tensor:
            each = self.functions.kl_penalty(rollout.logp, rollout.reference, estimator)
            result: Tensor = (each * rollout.mask).sum() / rollout.mask.sum()
            return result

        return run

    def value_loss(self, rollout: Any) -> Tensor:
        """Return the clipped value loss, averaged by token, against the rewards as targets."""
        result: Tensor = self.functions.compute_value_loss(
            rollout.values, rollout.reward, rollout.old_values, rollout.mask, 0.2
        )[0]
        return result
