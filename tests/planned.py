"""Subjects to plan for, for tests of the director."""

from __future__ import annotations

from muybridge.domain.subject import Subject, SubjectKind
from muybridge.units import Size

PORTRAIT = Subject("0" * 64, Size(512, 512), SubjectKind.PORTRAIT)
FIGURE = Subject("0" * 64, Size(512, 512), SubjectKind.FIGURE)
