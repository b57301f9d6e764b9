"""What somebody else's engine is tested with: `engine_contract`, a pytest suite. Needs pytest."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("muybridge.testing.engine_contract")  # so that a failure shows the values
