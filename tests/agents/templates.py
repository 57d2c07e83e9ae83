"""Which chat templates do the tests speak? The styles of well-known families, over tokenizers of bytes."""

from __future__ import annotations

from syllogym.agents.chat import ChatFormat
from syllogym.agents.tiny import byte_tokenizer
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
GEMMA = (  # the assistant is the model, and nobody speaks twice in a row
    "<bos>{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('user and model take turns') }}{% endif %}"
    "<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end_of_turn>\n"
    "{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
QWEN3 = (  # thoughts are kept only in replies to the last question, whose tool results count as its part
    "{% if tools %}<|im_start|>system\n<tools>{% for t in tools %}{{ '\n' + t | tojson }}{% endfor %}"
    "{{ '\n</tools><|im_end|>\n' }}"
    "{% endif %}{% set ns = namespace(last=0) %}"
    "{% for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}"
    "{% for m in messages %}{% if m.role == 'assistant' %}<|im_start|>assistant\n"
    "{% set answer = m.content.split('</think>')[-1].lstrip('\n') %}"
    "{% set thought = m.content.split('</think>')[0].split('<think>')[-1].strip('\n') if '</think>' in m.content %}"
    "{% if loop.index0 > ns.last and (thought or loop.last) %}<think>\n{{ thought }}\n</think>\n\n{% endif %}"
    "{{ answer }}<|im_end|>\n"
    "{% elif m.role == 'tool' %}{% if messages[loop.index0 - 1].role != 'tool' %}<|im_start|>user{% endif %}"
    "{{ '\n<tool_response>\n' + m.content + '\n</tool_response>' }}"
    "{% if loop.last or messages[loop.index0 + 1].role != 'tool' %}<|im_end|>\n{% endif %}"
    "{% else %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_QWEN = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
_LLAMA = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
_PHI = ("<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>")
CHAT = {
    "ours": ChatFormat(byte_tokenizer()),
    "chatml": ChatFormat(tokenizer_of(CHATML, _QWEN, "<|im_end|>")),
    "chatml-base": ChatFormat(tokenizer_of(CHATML, _QWEN, "<|endoftext|>")),
    "llama3": ChatFormat(tokenizer_of(LLAMA3, _LLAMA, "<|eot_id|>")),
    "mistral": ChatFormat(tokenizer_of(MISTRAL, ("<s>", "</s>", "[INST]", "[/INST]"), "</s>")),
    "phi": ChatFormat(tokenizer_of(PHI, _PHI, "<|endoftext|>")),
    "gemma": ChatFormat(tokenizer_of(GEMMA, ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), "<eos>")),
    "qwen3": ChatFormat(tokenizer_of(QWEN3, _QWEN, "<|im_end|>")),
}
ENDS = {"chatml-base": "<|im_end|>", "phi": "<|end|>", "gemma": "<end_of_turn>"}
"""What these templates write after a reply, where it is not the end-of-sequence token."""
