"""A take whose first frame is the picture itself: whole, where it was, on its own ground."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from faces import Person, portrait
from muybridge.domain.storyboard import Action, CameraKind, Setting, ShotSize
from muybridge.service.generate import on_its_own_ground, shaped_as
from muybridge.units import WIRE_SIZE, Size
from takes import beat, board, move, take

HER = Person(240, 240, (119.5, 92), 40)
ITS_SHAPE = Size(180, 180)


def far_from(frame, picture):
    """How far a frame is from the picture, in grey levels of 255 in the mean."""
    large = cv2.resize(picture, frame.shape[1::-1], interpolation=cv2.INTER_AREA)
    return float(np.abs(frame.astype(float) - large).mean())


@pytest.mark.parametrize("shot", sorted(ShotSize))
def test_the_first_frame_is_the_picture_whatever_shot_and_place_the_words_name(shot):
    who = portrait(HER)
    words = replace(board(beat(Action.SMILE, 0.3, 1.0)), shot=shot, setting=Setting("beach", "sunset"))
    plain = take(who, words, ITS_SHAPE).draw(0)
    whole = take(who, on_its_own_ground(words), ITS_SHAPE).draw(0)
    assert far_from(whole, who.picture) < 5
    assert far_from(plain, who.picture) > 4 * far_from(whole, who.picture)


def test_the_ground_stays_the_pictures_own_to_the_last_frame():
    who = portrait(HER)
    acting = take(who, on_its_own_ground(board(beat(Action.NOD, 0.2, 1.0))), ITS_SHAPE)
    last = acting.draw(len(acting) - 1)
    own = cv2.resize(who.plate, (180, 180), interpolation=cv2.INTER_AREA)
    corner = np.abs(last[:40, :25].astype(float) - own[:40, :25]).mean()
    assert corner < 6


def test_who_comes_closer_gets_larger_before_a_ground_that_stays():
    who = portrait(HER)
    acting = take(who, on_its_own_ground(board(beat(Action.WALK_CLOSER, 0.0, 0.9))), ITS_SHAPE)
    assert far_from(acting.draw(0), who.picture) < 6
    assert far_from(acting.draw(len(acting) - 1), who.picture) > 8


def test_a_camera_that_pushes_in_begins_at_the_picture():
    who = portrait(HER)
    acting = take(who, on_its_own_ground(board(move(CameraKind.PUSH_IN, 0.0, 1.0))), ITS_SHAPE)
    assert far_from(acting.draw(0), who.picture) < 5


def test_a_place_that_was_named_is_left_out_and_the_task_says_so():
    there = on_its_own_ground(
        replace(board(), setting=Setting("beach", weather="snow", words="a snowy beach"))
    )
    assert (there.setting.place, there.setting.weather, there.first_frame) == ("", "snow", True)
    assert there.notes == (
        'The picture is the first frame, so its own background stays: not "a snowy beach".',
    )
    assert on_its_own_ground(board()).notes == ()


@pytest.mark.parametrize("picture", [Size(400, 400), Size(1280, 720), Size(301, 750), Size(750, 301)])
def test_a_frame_has_the_pictures_shape_and_as_many_pixels_as_any_video(picture):
    frame = shaped_as(picture)
    assert frame.width % 2 == frame.height % 2 == 0
    assert frame.aspect == pytest.approx(picture.aspect, rel=0.005)
    assert frame.width * frame.height == pytest.approx(WIRE_SIZE.width * WIRE_SIZE.height, rel=0.005)


@pytest.mark.parametrize("kind", [CameraKind.TRUCK_LEFT, CameraKind.PULL_OUT, CameraKind.ORBIT_RIGHT])
def test_a_camera_move_that_nobody_wrote_begins_at_the_picture(kind):
    who = portrait(HER)
    acting = take(who, on_its_own_ground(board(move(kind, 0.0, 1.0))), ITS_SHAPE)
    assert far_from(acting.draw(0), who.picture) < 5


def test_a_camera_move_that_was_written_is_kept():
    written = replace(move(CameraKind.PULL_OUT, 0.0, 1.0), words="pulls out")
    assert on_its_own_ground(board(written)).camera == (written,)
