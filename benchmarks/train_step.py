"""How long does one GRPO step take, rollout included, beside TRL's on the same model?

Held equal: the 0.80M-parameter Qwen3 and its weights, float32, one thread, prompts of 7 tokens, 8 groups of 8 replies
at temperature 1, one AdamW update with the gradient clipped to norm 1. Replies have 32 tokens exactly; or end by
themselves, a quarter as long in the mean as the longest may be, which a model makes that draws its end token as often
as any other. Ours is the whole step of a run (`Reinforcement.advance`): play, credit, update, metrics. The steps take
turns in one process.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import ROUNDS, Row, peer
from syllogym.envs import Reply, Reward, TextEnv, Turn, register

PROMPTS, GROUP = 8, 8
FIXED, RAGGED = 32, 384
"""The most tokens in a reply: all replies have as many, or some do."""
SKIPPED = 3
"""First steps, which are not counted: buffers grow and threads start."""


@register("bench/sum")
class Sum(TextEnv):
    """Say the sum of two numbers; digits pay a little."""

    max_turns = 1
    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        a, b = rng.randint(10, 99), rng.randint(10, 99)
        self.answer = str(a + b)
        return f"{a}+{b}="

    def on_step(self, reply: Reply) -> Turn:
        return Turn("", Reward(sum=worth(reply, self.answer)), over=True)


def worth(reply: str, answer: str) -> float:
    return 1.0 if reply.lstrip().startswith(answer) else 0.1 * sum(letter.isdigit() for letter in reply[:4])


def rows() -> Iterator[Row]:
    trl = peer("trl", "trl==1.16.0")
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    import torch

    torch.set_num_threads(1)
    for tokens, lengths, goal in ((FIXED, "of 32 tokens", 1.3), (RAGGED, "of 97 tokens in the mean", 2.0)):
        row = Row(f"GRPO step, 0.80M model, 8 x 8 replies {lengths}", "steps/s", f"TRL {trl.__version__}", goal=goal)
        with tempfile.TemporaryDirectory() as folder:
            write_model(Path(folder))
            trainer(trl, folder, row, our_steps(folder, tokens), tokens).train()
        yield row


def write_model(folder: Path, **other: int) -> None:
    """Write a Qwen3 of 800,512 parameters, or of another shape, and a tokenizer with one token a character."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    letters = ["<pad>", "<eos>", "<bos>", "\n", *(chr(code) for code in range(32, 127))]
    tokenizer = Tokenizer(models.WordLevel({letter: at for at, letter in enumerate(letters)}, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), behavior="isolated")
    tokenizer.decoder = decoders.Fuse()
    specials = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **specials).save_pretrained(folder)
    shape = {"hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 4, "head_dim": 32}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512}
    ends = {"pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 2}
    config = Qwen3Config(vocab_size=len(letters), tie_word_embeddings=True, **{**shape, **heads, **ends, **other})
    Qwen3ForCausalLM(config).save_pretrained(folder)


def our_steps(folder: str, tokens: int) -> Any:
    """Return the training stage of a run."""
    from syllogym.agents.engines.sampling import Sampling
    from syllogym.agents.policy import Policy
    from syllogym.algorithms.core.learner import Optimiser
    from syllogym.scenarios.reinforcement import Reinforcement
    from syllogym.scenarios.schema import Scenario

    policy = Policy.load(folder)
    if tokens == FIXED:
        policy.chat.end_ids = frozenset()  # nothing ends a reply
    settings = {
        "environment": {"name": "bench/sum"},
        "policy": {"model": folder},
        "algorithm": {"name": "grpo"},
        "optimiser": Optimiser(lr=1e-4, betas=(0.9, 0.999)),
        "sampling": Sampling(max_tokens=tokens),
        "train": {"steps": SKIPPED + ROUNDS, "prompts": PROMPTS, "group": GROUP},
    }
    return Reinforcement(Scenario.model_validate(settings), {"policy": policy})


def trainer(trl: Any, folder: str, row: Row, stage: Any, tokens: int) -> Any:
    """Return a TRL trainer that lets us take a step after each of its own and notes both times in `row`."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback

    class InTurn(TrainerCallback):
        began = 0.0

        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if not self.began:
                self.began = time.process_time()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            ended = time.process_time()
            stage.advance()
            if state.global_step > SKIPPED:
                row.theirs.append(1 / (ended - self.began))
                row.ours.append(1 / (time.process_time() - ended))
            self.began = time.process_time()

    dice = random.Random(0)
    pairs = [(dice.randint(10, 99), dice.randint(10, 99)) for _ in range(1024)]
    tasks = Dataset.from_list([{"prompt": f"{a}+{b}=\n", "answer": str(a + b)} for a, b in pairs])
    shortest = {"min_new_tokens": tokens if tokens == FIXED else 0}
    config = trl.GRPOConfig(
        output_dir=f"{folder}/trl", per_device_train_batch_size=PROMPTS * GROUP, num_generations=GROUP,
        max_completion_length=tokens, generation_kwargs=shortest, max_steps=SKIPPED + ROUNDS,
        learning_rate=1e-4, lr_scheduler_type="constant", beta=0.0, gradient_checkpointing=False, bf16=False,
        use_cpu=True, report_to="none", save_strategy="no", disable_tqdm=True, seed=0,
    )  # fmt: skip
    return trl.GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32),
        processing_class=AutoTokenizer.from_pretrained(folder, padding_side="left"),
        reward_funcs=lambda completions, answer, **_: [worth(*pair) for pair in zip(completions, answer, strict=True)],
        args=config,
        train_dataset=tasks,
        callbacks=[InTurn()],
    )
