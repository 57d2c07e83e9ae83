"""How many tokens a second does the local engine sample, beside `generate`, a bare loop and vLLM on a CPU?

The 0.80M-parameter Qwen3, float32, one thread. Equal lengths: 64 replies of 32 tokens, 8 to a prompt of 7 tokens.
Ragged: 256 replies whose lengths have a mean of a quarter of the longest, 128; each program is told them and may stop a
row there, `generate` takes batches of 64. Turns: 256 episodes of 4 turns; the other side is the same engine, keeping
nothing from one turn to the next, computing every turn anew; but it computes once what contexts have in common that are
asked for at the same time. So what is gained depends on how many episodes share their first prompt (1 or 8),
and on how much of a turn is prompt: moves of 4 tokens after a first prompt of 384 and later ones of 8, or replies of 16
after 192 and 16. Ours gives log-probs with the tokens, as vLLM and the bare loop do; `generate` does not.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import NotInstalled, Row, peer, race
from benchmarks.train_step import write_model

GROUP, ROWS, TOKENS = 8, 64, 32
REPLIES, LONGEST = 256, 128
LONG = 5
"""Rounds of what takes seconds."""
LONGER = 3
"""And of what takes half a minute."""
TURNS = 4
MOVES, TALK = (384, 8, 4), (192, 16, 16)
"""Tokens of the first prompt, of a later one, of a reply."""

Job = Callable[[], int]


def rows() -> Iterator[Row | NotInstalled]:
    import torch
    from transformers.utils import logging

    from syllogym.agents.policy import Policy

    torch.set_num_threads(1)
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as folder:
        write_model(Path(folder))
        policy = Policy.load(folder)
        policy.chat.end_ids = frozenset()  # nothing ends a reply but its length
        dice = random.Random(0)
        prompts = [[dice.randrange(3, 99) for _ in range(7)] for _ in range(ROWS // GROUP)]
        lengths = [min(LONGEST, 1 + int(dice.expovariate(1 / 34))) for _ in range(REPLIES)]
        equal = ours(policy, prompts, [TOKENS] * ROWS)
        what = f"{ROWS} replies of {TOKENS} tokens, 0.80M model"
        yield race(Row(what, "tokens/s", "generate", goal=1.5), equal, generate(policy, prompts, [TOKENS] * ROWS))
        yield race(Row(what, "tokens/s", "a bare loop", goal=0.85), equal, bare(policy, prompts))
        ragged = ours(policy, prompts, lengths)
        ragged_what = f"{REPLIES} replies of 1 to {LONGEST} tokens, {sum(lengths) / REPLIES:.0f} in the mean"
        yield race(Row(ragged_what, "tokens/s", "generate", goal=2.5), ragged, generate(policy, prompts, lengths), LONG)
        for shape, group, rounds in ((MOVES, 1, LONGER), (MOVES, GROUP, LONG), (TALK, GROUP, LONG)):
            first, later, reply = shape
            what = (
                f"{REPLIES} episodes of {TURNS} turns: {first} tokens ({group} alike), then {later}; replies of {reply}"
            )
            row = Row(what, "episodes/s", "every turn computed anew", goal=3 if shape == MOVES else None)
            yield race(row, turns(policy, shape, group, kept=1.0), turns(policy, shape, group, kept=0.0), rounds)
        try:
            yield race(Row(ragged_what, "tokens/s", "vLLM", goal=1), ragged, vllm(folder, prompts, lengths), LONG)
        except NotInstalled as absent:
            yield absent


def ours(policy: Any, prompts: list[list[int]], lengths: list[int]) -> Job:
    from syllogym.agents.engines.local import LocalEngine
    from syllogym.agents.engines.sampling import Sampling

    engine = LocalEngine(policy)

    async def sample() -> int:
        asked = (
            engine.generate(prompt, seed=seed, sampling=Sampling(max_tokens=length))
            for seed, (prompt, length) in enumerate(zip(shared(prompts), lengths, strict=False))
        )
        return sum(len(reply.ids) for reply in await asyncio.gather(*asked))

    return lambda: asyncio.run(sample())


def shared(prompts: list[list[int]]) -> Iterator[list[int]]:
    """Yield each prompt as often as it has replies, again and again."""
    return itertools.cycle([prompt for prompt in prompts for _ in range(GROUP)])


def generate(policy: Any, prompts: list[list[int]], lengths: list[int]) -> Job:
    """Return what samples with the model's own `generate`, in batches of `ROWS`."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class AtLength(StoppingCriteria):  # type: ignore[misc, unused-ignore]
        def __init__(self, wanted: list[int]) -> None:
            self.wanted = torch.tensor(wanted) + len(prompts[0])

        def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
            return ids.shape[1] >= self.wanted

    model = policy.model.eval()
    model.generation_config.eos_token_id = None
    ids = torch.tensor(list(itertools.islice(shared(prompts), ROWS)))

    def sample() -> int:
        for start in range(0, len(lengths), ROWS):
            wanted = lengths[start : start + ROWS]
            stops = StoppingCriteriaList([AtLength(wanted)])
            found = model.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, pad_token_id=0,
                max_new_tokens=max(wanted), stopping_criteria=stops,
            )  # fmt: skip
            assert found.shape[1] == len(prompts[0]) + max(wanted)
        return sum(lengths)

    return sample


def bare(policy: Any, prompts: list[list[int]]) -> Job:
    import torch

    from benchmarks.bare_loop import BareLoop

    loop, ids = BareLoop(policy.model, len(prompts[0]), GROUP, TOKENS), torch.tensor(prompts)
    tokens, logprobs = loop(ids)
    whole = torch.cat([ids.repeat_interleave(GROUP, 0), tokens], 1)
    with torch.no_grad():
        every = policy.model(whole).logits[:, ids.shape[1] - 1 : -1].log_softmax(-1)
    torch.testing.assert_close(logprobs, every.gather(2, tokens[..., None])[..., 0])  # it computes the same
    return lambda: loop(ids)[0].numel()


def turns(policy: Any, shape: tuple[int, int, int], group: int, kept: float) -> Job:
    """Return what plays episodes, `group` to a first prompt, which keep so many GiB from turn to turn."""
    from syllogym.agents.engines.local import LocalEngine
    from syllogym.agents.engines.sampling import Sampling

    engine = LocalEngine(policy, kept=kept)
    first, later, reply_length = shape
    sampling = Sampling(max_tokens=reply_length)
    dice = [random.Random(number // group) for number in range(REPLIES)]
    told = [[[one.randrange(3, 99) for _ in range(n)] for n in (first, *[later] * (TURNS - 1))] for one in dice]

    async def episode(number: int) -> None:
        context: list[int] = []
        for turn, prompt in enumerate(told[number]):
            context += prompt
            reply = await engine.generate(context, seed=number * TURNS + turn, sampling=sampling)
            context += reply.ids

    async def play() -> int:
        await asyncio.gather(*map(episode, range(REPLIES)))
        return REPLIES

    return lambda: asyncio.run(play())


def vllm(folder: str, prompts: list[list[int]], lengths: list[int]) -> Job:
    os.environ.update(
        HF_HUB_OFFLINE="1", VLLM_NO_USAGE_STATS="1", VLLM_LOGGING_LEVEL="ERROR", VLLM_CPU_KVCACHE_SPACE="1",
        VLLM_ENABLE_V1_MULTIPROCESSING="0", VLLM_CPU_OMP_THREADS_BIND="nobind",
    )  # fmt: skip
    library = peer("vllm", "vllm (0.32, built for a CPU)")
    engine = library.LLM(folder, dtype="float32", max_model_len=256, enforce_eager=True, seed=0, disable_log_stats=True)
    options = {"temperature": 1.0, "ignore_eos": True, "detokenize": False, "logprobs": 0, "flat_logprobs": True}
    settings = [library.SamplingParams(max_tokens=length, **options) for length in lengths]
    asked = [{"prompt_token_ids": ids} for ids in itertools.islice(shared(prompts), len(lengths))]

    def sample() -> int:
        found = engine.generate(asked, settings, use_tqdm=False)
        return sum(len(output.outputs[0].token_ids) for output in found)

    return sample
