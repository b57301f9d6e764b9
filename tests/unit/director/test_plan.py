from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muybridge.director import plan
from muybridge.director.words import words
from muybridge.domain.storyboard import Action, Storyboard
from planned import FIGURE, PORTRAIT

LONGEST = 2000
VOCABULARY = sorted(word for word in words().edges_of if word)
SIGNS = [
    *"，。、！；….,;:!?\"'“”[]()-—\n\u202e\u200b",
    "3",
    "2 seconds",
    "第",
    "秒",
    "😉",
    "x",
    "twice",
    "zzzz",
    "龘",
]
PROSE = (
    st.lists(st.sampled_from(VOCABULARY + SIGNS), max_size=60).map(" ".join).map(lambda text: text[:LONGEST])
)
ANYTHING = st.one_of(st.text(max_size=LONGEST), PROSE)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, st.booleans(), st.sampled_from([PORTRAIT, FIGURE]), st.integers(0, 2**31))
@example("\u202e" * LONGEST, True, PORTRAIT, 0)
@example('says "' * 300, True, PORTRAIT, 0)
@example("not " * 500, True, PORTRAIT, 0)
@example("不" * LONGEST, False, FIGURE, 1)
@example("🏃‍♀️" * 400, True, PORTRAIT, 2)
def test_any_text_at_all_gives_a_storyboard_that_holds(
    prompt: str, optimize: bool, subject: object, seed: int
) -> None:
    board = plan(prompt, subject, optimize=optimize, seed=seed)  # type: ignore[arg-type]
    assert board.prompt == prompt
    for beat in board.beats:
        assert 0 <= beat.start < beat.end <= board.duration
        assert beat.words in prompt
        assert beat.text in prompt
    for move in board.camera:
        assert 0 <= move.start < move.end <= board.duration
        assert move.words in prompt
    assert all(piece in prompt and piece.strip() for piece in board.unheard)
    assert [beat.start for beat in board.beats] == sorted(beat.start for beat in board.beats)


@settings(max_examples=60, deadline=None)
@given(PROSE, st.integers(0, 2**31))
def test_the_same_seed_plans_the_same(prompt: str, seed: int) -> None:
    assert plan(prompt, PORTRAIT, seed=seed) == plan(prompt, PORTRAIT, seed=seed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_natural_blinks_are_irregular_and_keep_clear_of_winks(seed: int) -> None:
    beats = plan("She winks", PORTRAIT, seed=seed).beats
    (wink,) = (beat for beat in beats if beat.action is Action.WINK)
    blinks = [beat for beat in beats if beat.action is Action.BLINK]
    assert 1 <= len(blinks) <= 4
    assert all(blink.end < wink.start - 0.2 or blink.start > wink.end + 0.2 for blink in blinks)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(
        [
            ("smile", "smile", "smiling"),
            ("nod", "nod", "nodding"),
            ("wink", "wink", "winking"),
            ("blink", "blink", "blinking"),
            ("wave", "wave", "waving"),
            ("dance", "dance", "dancing"),
            ("run_closer", "run toward the camera", "running toward the camera"),
        ]
    ),
    st.sampled_from(
        [
            "She doesn't {base}.",
            "Do not {base}!",
            "no {ing} please",
            "without {ing}",
            "She never {base}s",
            "she is not {ing}",
            "avoid {ing}",
            "the woman refuses to {base}",
        ]
    ),
    st.sampled_from(["", " She shakes her head.", " Slowly, she looks up and smirks?", " 然后点两下头。"]),
    st.integers(0, 99),
)
def test_what_is_refused_never_appears(act: tuple[str, str, str], pattern: str, more: str, seed: int) -> None:
    name, base, ing = act
    prompt = pattern.format(base=base, ing=ing) + more
    asked_anyway = (name == "smile" and "smirk" in more) or (name == "nod" and "点" in more)
    if not asked_anyway:
        assert all(beat.action != name for beat in plan(prompt, PORTRAIT, seed=seed).beats)


@pytest.mark.parametrize("prompt", ["", "   ", "!!! ...", "\x00\x01", "🌵", "A beautiful portrait"])
def test_where_nothing_is_asked_for_the_director_adds_a_small_smile_and_says_so(prompt: str) -> None:
    board = plan(prompt, PORTRAIT)
    (smile,) = (beat for beat in board.beats if beat.action is Action.SMILE)
    assert smile.intensity < 1.0
    assert not smile.words
    assert any("small smile was added" in note for note in board.notes)


def test_without_the_optimizer_only_life_is_added() -> None:
    board = plan("She nods", PORTRAIT, optimize=False)
    assert {beat.action for beat in board.beats if not beat.words} == {Action.BLINK}
    assert not board.camera


def test_a_figure_without_a_face_acts_with_the_body_and_says_so() -> None:
    board = plan("It winks, nods and smiles", FIGURE)
    assert {beat.action for beat in board.beats} == {Action.TILT, Action.NOD, Action.SWAY}
    assert [note for note in board.notes if note.startswith("No face was found")] == [
        "No face was found: wink (winks) is acted as a small tilt.",
        "No face was found: smile (smiles) is acted as a gentle sway.",
    ]


def test_a_longer_prompt_than_allowed_is_read_as_far_as_allowed() -> None:
    board = plan("x" * 1999 + " wink", PORTRAIT)
    assert any("first 2000 characters" in note for note in board.notes)


@pytest.mark.parametrize(
    "prompt",
    ["smile " * 333, "女孩点头然后微笑，" * 220, "xqzvb " * 333, "not without " * 160, "at 2 seconds " * 150],
)
def test_a_prompt_of_full_length_is_planned_however_odd(prompt: str) -> None:
    assert plan(prompt[:LONGEST], PORTRAIT) == plan(prompt[:LONGEST], PORTRAIT)


def test_speech_is_talk_with_its_words() -> None:
    (talk,) = (beat for beat in plan("她说：“你好，世界”", PORTRAIT).beats if beat.words)
    assert (talk.action, talk.text) == (Action.TALK, "你好，世界")


def test_every_action_of_the_domain_can_be_asked_for_in_both_languages() -> None:
    asked: dict[str, set[str]] = {"en": set(), "zh": set()}
    stack = [words().trie]
    while stack:
        node = stack.pop()
        for key, value in node.items():
            if key:
                stack.append(value)
                continue
            for entry in value:
                names = {name.split()[0] for name in entry.does} | {to for _, to in entry.turns_into}
                asked.setdefault(entry.language, set()).update(names)
    for language in ("en", "zh"):
        assert {action.value for action in Action} <= asked[language]


def unheard(prompt: str) -> tuple[str, ...]:
    board: Storyboard = plan(prompt, PORTRAIT)
    return board.unheard


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("A girl in a purple hat smiles with a trombone", ("purple hat", "trombone")),
        ("女孩在鼎上微笑", ("鼎",)),
        ("望着扳手", ("望着扳手",)),
        ("buttons of a rose", ("buttons of a rose",)),
        ("she somersaults", ("somersaults",)),
        ("Please make the young woman in the picture smile", ()),
        ("请让图中的女孩微笑一下", ()),
        ("привет", ("привет",)),
    ],
)
def test_what_nothing_was_made_of_is_listed_in_the_prompts_own_letters(
    prompt: str, pieces: tuple[str, ...]
) -> None:
    assert unheard(prompt) == pieces
