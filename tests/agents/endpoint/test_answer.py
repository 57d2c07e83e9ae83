import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from syllogym.agents.endpoint.answer import Temporary, read
from syllogym.envs import Fault
from syllogym.errors import UserError
from tests.agents.faulty_server import completion


def test_a_reply_that_the_content_filter_withheld_is_a_fault() -> None:
    with pytest.raises(Fault, match="content filter"):
        read(200, {}, json.dumps(completion("", "content_filter")))


def test_an_empty_account_is_not_waited_for() -> None:
    body = json.dumps({"error": {"message": "pay", "code": "insufficient_quota"}})
    with pytest.raises(UserError, match=r"no credit left \(429: pay\)"):
        read(429, {}, body)


def test_the_numbers_of_an_overflow_are_told_where_they_stand_beside_the_message() -> None:
    error = {"message": "too long", "type": "exceed_context_size_error", "n_prompt_tokens": 900, "n_ctx": 512}
    with pytest.raises(Fault, match=r"longer than .*too long .n_prompt_tokens 900, n_ctx 512"):
        read(400, {}, json.dumps({"error": error}))


def test_retry_after_may_be_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    with pytest.raises(Temporary) as trouble:
        read(503, {"retry-after": later}, "")
    assert 90 < trouble.value.wait <= 100


def test_a_server_that_counts_no_tokens_is_read_all_the_same() -> None:
    body = {key: value for key, value in completion("yes").items() if key != "usage"}
    assert read(200, {}, json.dumps(body)).tokens is None
