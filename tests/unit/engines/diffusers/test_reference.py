"""The subject goes to the model alone, on white, close to the edges."""

from __future__ import annotations

import numpy as np

from muybridge.domain.subject import Subject, SubjectKind
from muybridge.engines.diffusers.reference import on_white
from muybridge.puppet.portrait import Portrait
from muybridge.units import Size


def portrait(matte: np.ndarray) -> Portrait:
    height, width = matte.shape
    picture = np.full((height, width, 3), 90, np.uint8)
    front = np.full((height, width, 3), (200, 40, 40), np.uint8)
    subject = Subject("0" * 64, Size(width, height), SubjectKind.FIGURE)
    return Portrait(subject, picture, front, matte.astype(np.float32), picture, ())


def test_the_background_is_white_and_the_subject_keeps_its_own_colour() -> None:
    matte = np.zeros((200, 300))
    matte[50:150, 100:200] = 1.0
    matte[50:150, 99] = 0.5
    shown = on_white(portrait(matte))
    assert shown.shape == (108, 109, 3)  # four pixels of room on each side
    assert (shown[0] == 255).all()
    assert (shown[50, 50] == (200, 40, 40)).all()
    assert (shown[50, 4] == (228, 148, 148)).all()


def test_a_subject_that_fills_the_picture_is_not_cropped() -> None:
    shown = on_white(portrait(np.ones((200, 300))))
    assert shown.shape == (200, 300, 3)


def test_where_nobody_was_found_the_whole_picture_goes() -> None:
    assert (on_white(portrait(np.zeros((200, 300)))) == 90).all()
