"""Is a conversation, continued token by token, what the chat template writes in one go?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.chat import ChatFormat
from syllogym.agents.tiny import byte_tokenizer
from syllogym.errors import UserError
from tests.agents.models import tokenizer_of

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LLAMA3 = (
    "{% for m in messages %}{% if loop.first %}<|begin_of_text|>{% endif %}"
    "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
MISTRAL = (
    "<s>{% for m in messages %}"
    "{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% elif m.role == 'assistant' %}{{ m.content }}</s>"
    "{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}"
)
PHI = (
    "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% else %}<|endoftext|>{% endif %}"
)
QWEN3 = (  # thoughts are kept only in replies to the last question
    "{% set ns = namespace(last=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index0 %}"
    "{% endif %}{% endfor %}{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.role == 'assistant' and loop.index0 < ns.last %}{{ m.content.split('</think>')[-1].lstrip('\n') }}"
    "{% else %}{{ m.content }}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
QWEN_TOKENS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
FORMATS = {
    "ours": ChatFormat(byte_tokenizer()),
    "chatml": ChatFormat(tokenizer_of(CHATML, QWEN_TOKENS, "<|im_end|>")),
    "chatml-base": ChatFormat(tokenizer_of(CHATML, QWEN_TOKENS, "<|endoftext|>")),
    "llama3": ChatFormat(
        tokenizer_of(
            LLAMA3, ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), "<|eot_id|>"
        )
    ),
    "mistral": ChatFormat(tokenizer_of(MISTRAL, ("<s>", "</s>", "[INST]", "[/INST]"), "</s>")),
    "phi": ChatFormat(tokenizer_of(PHI, ("<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>"), "<|endoftext|>")),
}
ENDS = {"chatml-base": "<|im_end|>", "phi": "<|end|>"}
"""What these templates write after a reply, where it is not the end-of-sequence token."""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<[|"), min_size=1).filter(
    lambda text: text == text.strip()
)
styles = pytest.mark.parametrize("style", FORMATS)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def sampled(style: str, text: str, *, ended: bool) -> list[int]:
    chat = FORMATS[style]
    end = chat.tokenizer.convert_tokens_to_ids(ENDS.get(style, chat.tokenizer.eos_token))
    return [*chat.tokenizer.encode(text, add_special_tokens=False), *([end] if ended else [])]


@styles
@given(question=texts, reply=texts, more=texts, ended=st.booleans())
def test_a_conversation_by_parts_is_the_one_rendered_whole(
    style: str, question: str, reply: str, more: str, ended: bool
) -> None:
    chat = FORMATS[style]
    said = sampled(style, reply, ended=ended)
    by_parts = [*chat.first([user(question)]), *said, *chat.following([user(more)], said[-1])]
    whole = [user(question), {"role": "assistant", "content": reply}, user(more)]
    assert by_parts == chat.tokenizer.apply_chat_template(whole, add_generation_prompt=True, return_dict=False)


@pytest.mark.parametrize("last", ["user", "tool"])
def test_a_probe_in_the_environments_text_changes_nothing(last: str) -> None:
    chat = FORMATS["chatml"]
    text = "<think>\nprobe\n</think>\n\nprobe"
    ids = chat.following([{"role": last, "content": text}], None)
    assert chat.tokenizer.decode(ids) == f"<|im_end|>\n<|im_start|>{last}\n{text}<|im_end|>\n<|im_start|>assistant\n"


def test_a_template_that_drops_old_thoughts_is_refused() -> None:
    chat = ChatFormat(tokenizer_of(QWEN3, QWEN_TOKENS, "<|im_end|>"))
    assert chat.first([user("hello")])
    with pytest.raises(UserError, match="context: markov"):
        chat.following([user("and now?")], None)


def test_a_template_that_keeps_thoughts_before_tool_results_goes_on_there() -> None:
    chat = ChatFormat(tokenizer_of(QWEN3, QWEN_TOKENS, "<|im_end|>"))
    ids = chat.following([{"role": "tool", "content": "4"}], None)
    assert chat.tokenizer.decode(ids) == "<|im_end|>\n<|im_start|>tool\n4<|im_end|>\n<|im_start|>assistant\n"


def test_a_role_that_the_template_refuses_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="messages of system, user: only user and assistant"):
        FORMATS["mistral"].first([{"role": "system", "content": "Be brief."}, user("hello")])


def test_without_a_template_messages_are_lines() -> None:
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = None
    chat = ChatFormat(tokenizer)
    assert chat.text(chat.first([user("one")])) == "one\n"
    assert chat.text(chat.following([user("three")], None)) == "\nthree\n"


@styles
@given(text=texts)
def test_a_demonstration_reads_as_its_text_and_ends(style: str, text: str) -> None:
    chat = FORMATS[style]
    ids = chat.reply(text)
    assert chat.text(ids) == text
    assert ids[-1] in chat.end_ids


def test_tools_are_shown_to_templates_that_know_them() -> None:
    template = "{% if tools %}{{ tools[0]['name'] }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}"
    chat = ChatFormat(tokenizer_of(template, ("<eos>",), "<eos>"))
    assert chat.text(chat.first([user("?")], [{"name": "add"}])) == "add?"
