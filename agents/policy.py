"""What is trained? A causal language model with its tokenizer, loaded and saved in Hugging Face format."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from syllogym.agents.chat import ChatFormat
from syllogym.agents.critic import Critic, Kind
from syllogym.agents.lora import base_of, load_adapter, save_adapter
from syllogym.agents.packed import Packed, packs
from syllogym.agents.pretrained import check_vocabulary, read_model, read_tokenizer
from syllogym.agents.weights import adapted, plain_weights, twin, without_adapter


@dataclass(slots=True)
class Scores:
    """What the current weights say about A action tokens, all of shape (A,).

    Attributes:
        logprobs: log-probability (nats) of each token under the sampling temperature, with gradient.
        entropy: entropy (nats) of the distribution each token was drawn from, detached.
        values: the critic's estimate of the return before each token, with gradient; None without a critic.
        distribution: (A, V) log-probabilities of every token that could have been drawn, with gradient, on the device.
    """

    logprobs: Tensor
    entropy: Tensor
    values: Tensor | None = None
    distribution: Tensor | None = None


class Policy(nn.Module):
    """A causal language model that says how likely tokens are, and perhaps what a state is worth.

    Args:
        model: any `AutoModelForCausalLM`. Weights of it that do not require a gradient never learn.
        tokenizer: its tokenizer.
        critic: add a critic: a ``head`` on the policy's own last hidden state, or a ``model`` of its own.
    """

    def __init__(self, model: Any, tokenizer: Any, *, critic: Kind | None = None) -> None:
        super().__init__()
        self.model = model
        self.tokenizer = tokenizer
        self.chat = ChatFormat(tokenizer)
        self.critic = Critic(model, critic) if critic else None
        named = self.named_parameters(remove_duplicate=False)
        self._fixed = frozenset(name for name, weight in named if not weight.requires_grad)
        self.version = 0
        self._plain_head = _head_is_plain(model)
        self._packs = packs(model)

    @classmethod
    def load(cls, path: str, *, critic: Kind | None = None, dtype: torch.dtype = torch.float32) -> Policy:
        """Load a folder or a hub name, of an adapter with its base; a path that holds neither raises `UserError`."""
        base = base_of(path)
        tokenizer, model = read_tokenizer(path, base), read_model(base or path, dtype)
        if base is not None:
            load_adapter(model, path)
        check_vocabulary(path, model, tokenizer)
        return cls(model, tokenizer, critic=critic)

    def save(self, folder: Path) -> None:
        """Write tokenizer and model in Hugging Face format; of a model with an adapter, the adapter in PEFT's."""
        (save_adapter if adapted(self.model) else type(self.model).save_pretrained)(self.model, folder)
        self.tokenizer.save_pretrained(folder)

    def merged(self) -> Policy:
        """Return a copy without a critic in which an adapter has become part of the weights."""
        return Policy(without_adapter(self.model, merge=True), self.tokenizer)

    def plain_weights(self) -> Iterator[tuple[str, Tensor]]:
        """Yield the model's weights by their Hugging Face names, an adapter merged in, tied ones under each name."""
        return plain_weights(self.model)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    @cached_property
    def context(self) -> int:
        """How many tokens a context may hold."""
        return int(self.model.config.get_text_config().max_position_embeddings)

    def score(self, sequences: Sequence[Tensor], row: Tensor, position: Tensor, *, temperature: float = 1.0) -> Scores:
        """Score A action tokens that stand in N sequences.

        Args:
            sequences: N tensors of token ids, of any lengths. Where the model allows, each distinct context is computed
                once; else they are padded on the right, where a causal model cannot see, so that no mask is needed.
            row: (A,) which sequence each action token stands in.
            position: (A,) where in it; at least 1, since a token is predicted from the one before.
            temperature: divides the logits, as it did when the tokens were sampled.
        """
        end = torch.zeros(len(sequences), dtype=torch.long).scatter_reduce(0, row, position, "amax")
        seen = [
            ids[:stop] for ids, stop in zip(sequences, end.tolist(), strict=True)
        ]  # what something is predicted from
        token = nn.utils.rnn.pad_sequence(list(sequences), batch_first=True)[row, position].to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits, states = self._read(seen, row, position - 1)
        every = (logits.float() / temperature).log_softmax(-1)
        with torch.no_grad():
            entropy = -(every.exp() * every).sum(-1)
        logprobs = every.gather(-1, token[:, None])[:, 0]
        values = self.critic(states) if self.critic is not None else None
        return Scores(logprobs, entropy, values, every)

    def _read(self, seen: list[Tensor], row: Tensor, position: Tensor) -> tuple[Tensor, Any]:
        """Return the logits (A, V) after the given positions, and the hidden states (A, width) a critic looks at."""
        run: Callable[..., Any]
        if self._packs:
            packed = Packed.of(seen, self.device)
            run, index = packed.run, packed.number[row, position]
        else:
            ids = nn.utils.rnn.pad_sequence(seen, batch_first=True).to(self.device)
            run, index = partial(_run_padded, ids), row * ids.shape[1] + position
        chosen = partial(_chosen, index=index.to(self.device))
        states: Tensor | None
        if self._plain_head:
            states = chosen(run(self.model.base_model).last_hidden_state)
            logits = self.model.get_output_embeddings()(states)
        else:
            output = run(self.model, output_hidden_states=self.critic is not None)
            logits = chosen(output.logits)
            states = chosen(output.hidden_states[-1]) if self.critic is not None else None
        if self.critic is not None and self.critic.body is not None:
            states = chosen(run(self.critic.body).last_hidden_state)
        return logits, states

    def frozen(self) -> Policy:
        """Return a copy that does not learn, without a critic. An adapter's base is shared, not copied."""
        bare = copy.copy(self)
        bare._modules = {**self._modules, "critic": None}
        return twin(bare).requires_grad_(False).eval()

    def learnt(self, part: str = "") -> dict[str, Tensor]:
        """Return every weight that learning may change whose name begins with `part` (``critic.``), by name."""
        state = self.state_dict()
        return {name: state[name] for name in state if name not in self._fixed and name.startswith(part)}

    def take_up(self, learnt: Mapping[str, Tensor]) -> None:
        """Take up weights that `learnt` returned; others stay."""
        self.load_state_dict({**self.state_dict(), **learnt})


def _chosen(states: Tensor, index: Tensor) -> Tensor:
    return states.flatten(0, 1).index_select(0, index)


def _run_padded(ids: Tensor, module: Any, **settings: Any) -> Any:
    return module(input_ids=ids, use_cache=False, **settings)


def _head_is_plain(model: Any) -> bool:
    """Check, by trying, that logits are the output embedding of the last hidden state and nothing else.

    Where that holds, only action tokens go through the vocabulary, by far the widest layer. Models that scale or cap
    their logits (Gemma 2, Cohere) fail the check and take the long way. The states are made large for it, since a cap
    does nothing to small logits.
    """
    ids = torch.arange(2, device=model.get_input_embeddings().weight.device)[None]  # more than one: padding may be zero
    was_training = model.training
    model.eval()
    head = model.get_output_embeddings()
    if not isinstance(head, nn.Module):
        return False
    enlarge = head.register_forward_pre_hook(lambda _, states: (100.0 * states[0],))
    try:
        with torch.no_grad():
            logits = model(input_ids=ids, use_cache=False).logits
            states = model.base_model(input_ids=ids, use_cache=False).last_hidden_state
            return torch.allclose(head(states), logits, rtol=1e-3, atol=1e-4)
    except (AttributeError, TypeError):
        return False
    finally:
        enlarge.remove()
        model.train(was_training)
