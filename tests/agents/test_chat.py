"""Is a conversation, continued token by token, what the chat template writes in one go?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.chat import ChatFormat
from syllogym.agents.tiny import byte_tokenizer
from syllogym.errors import UserError
from tests.agents.models import tiny_policy, tokenizer_of
from tests.agents.templates import CHAT, ENDS

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<[|"), min_size=1).filter(
    lambda text: text == text.strip()
)
FORMATS = {style: chat for style, chat in CHAT.items() if style != "qwen3"}
"""Those whose conversations go on token by token."""

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


def test_a_template_that_drops_old_thoughts_lets_no_question_follow() -> None:
    assert CHAT["qwen3"].following([user("and now?")], None) is None


def test_a_template_that_keeps_thoughts_before_tool_results_goes_on_there() -> None:
    chat = CHAT["qwen3"]
    ids = chat.following([{"role": "tool", "content": "4"}, {"role": "tool", "content": "5"}], None)
    assert ids is not None
    assert chat.tokenizer.decode(ids) == (
        "<|im_end|>\n<|im_start|>user\n<tool_response>\n4\n</tool_response>\n<tool_response>\n5\n</tool_response>"
        "<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    ("style", "begin", "turn"),
    [
        ("chatml", "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "<|im_start|>user\nso?<|im_end|>\n"),
        (
            "llama3",
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            "<|start_header_id|>user<|end_header_id|>\n\nso?<|eot_id|>",
        ),
        ("mistral", "<s>[INST] hi [/INST]", "[INST] so? [/INST]"),
        (
            "gemma",
            "<bos><start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n",
            "<start_of_turn>user\nso?<end_of_turn>\n",
        ),
    ],
)
@pytest.mark.parametrize("ended", [True, False])
def test_what_is_written_around_a_reply(style: str, begin: str, turn: str, ended: bool) -> None:
    chat = CHAT[style]
    said = sampled(style, "yes", ended=ended)
    following = chat.following([user("so?")], said[-1])
    assert chat.tokenizer.decode(chat.first([user("hi")])) == begin
    assert following is not None
    end = ENDS.get(style, chat.tokenizer.eos_token)
    assert chat.tokenizer.decode([*said, *following]).startswith((f"yes{end}{turn}", f"yes{end}\n{turn}"))


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


def test_a_template_is_given_its_arguments() -> None:
    style = "{% for m in messages %}{{ m.content }}{% endfor %}{% if not thinks %}<think></think>{% endif %}"
    tokenizer = tokenizer_of(style, ("<eos>",), "<eos>")
    chat = ChatFormat(tokenizer, {"thinks": False})
    assert chat.text(chat.first([{"role": "user", "content": "Hi"}])) == "Hi<think></think>"
    chat.arguments = {"thinks": True}
    assert chat.text(chat.first([{"role": "user", "content": "Hi"}])) == "Hi"


def test_the_token_is_found_with_which_a_text_has_so_many_characters() -> None:
    chat = tiny_policy().chat
    ids = chat.encode("aé\nb")  # bytes are tokens, and é has two
    assert [chat.token_at(ids, end) for end in (1, 2, 3, 4, 99)] == [0, 2, 3, 4, 4]
