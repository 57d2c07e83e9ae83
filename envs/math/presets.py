r"""How are the rows of well-known data sets read? A few words for each: where they lie, which field is what.

A field is a column, or a path into it (``reward_model.ground_truth``, ``prompt.0.content``); several make a text with
braces (``{Body} {Question}``). The names are those of the sets on the Hugging Face hub, which local copies share.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """How one data set's rows become questions and answers.

    Attributes:
        question, answer: fields of the question and of the right answer.
        hub, subset, part: data set on the hub, its configuration, and its split; without one, a file must be given.
        gold: how the right answer is found in its field (``boxed``, ``hashes``, ...); ``plain`` for all of it.
        level: field of the difficulty, a number or a text with one in it.
        around: texts before and behind the question that ask for another form of answer; they are taken off.
        choices: field with the list of options; the answer is then a letter.
        tolerance: relative error allowed to plain numbers.
        skip_unanswered: leave out rows without an answer (or with one too long to give) instead of refusing the set.
    """

    question: str = "question"
    answer: str = "answer"
    hub: str = ""
    subset: str | None = None
    part: str = "test"
    gold: str = "plain"
    level: str = ""
    around: tuple[str, str] = ("", "")
    choices: str = ""
    tolerance: float = 0.0
    skip_unanswered: bool = False


_DAPO = (
    "Solve the following math problem step by step. The last line of your response should be of the form "
    "Answer: $Answer (without quotes) where $Answer is the answer to the problem.\n\n",
    '\n\nRemember to put your answer on its own line after "Answer:".',
)

PRESETS = {
    "gsm8k": Preset(hub="openai/gsm8k", subset="main", gold="hashes"),
    # Its targets are results of floating-point programs.
    "gsm_hard": Preset("input", "target", hub="reasoning-machines/gsm-hard", part="train", tolerance=1e-6),
    "math": Preset("problem", "solution", hub="DigitalLearningGmbH/MATH-lighteval", gold="boxed", level="level"),
    "math_500": Preset("problem", hub="HuggingFaceH4/MATH-500", level="level"),
    "math_train": Preset("problem", level="difficulty", skip_unanswered=True),  # DeepScaleR's: answers apart, 1 to 5
    "aime": Preset("problem", hub="HuggingFaceH4/aime_2024", part="train"),
    "amc": Preset(hub="math-ai/amc23"),
    "minerva": Preset("problem", "solution", gold="boxed"),
    "olympiadbench": Preset(
        "{context}\n{question}", "final_answer", hub="Hothan/OlympiadBench", subset="OE_TO_maths_en_COMP", part="train"
    ),
    "svamp": Preset("{Body}\n{Question}", "Answer", hub="ChilleD/SVAMP"),
    "aqua": Preset("question", "correct", hub="deepmind/aqua_rat", subset="raw", choices="options"),
    "dapo": Preset(  # the rows that verl trains on
        "prompt.0.content",
        "reward_model.ground_truth",
        hub="BytedTsinghua-SIA/DAPO-Math-17k",
        part="train",
        around=_DAPO,
    ),
    "orz": Preset("prompt.0.value", "final_answer"),
    "gaokao": Preset(skip_unanswered=True),
    "cmath": Preset(level="grade"),
    "college_math": Preset(skip_unanswered=True),
}
