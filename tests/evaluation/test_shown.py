"""Numbers as they are shown always say which way a difference goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.evaluation.shown import moves, p_value, percent, plain, signed


@given(st.floats(-1, 1))
def test_a_difference_has_its_sign_and_nothing_else_has(value: float) -> None:
    for shown in (signed(value), percent(value, sign=True)):
        assert shown[0] == ("+" if value > 0 else "-" if value < 0 else "0")
    assert percent(abs(value))[0].isdigit()


@given(st.floats(-1, 1))
def test_words_say_the_way_even_of_what_is_too_small_to_be_shown(value: float) -> None:
    assert moves(value).split()[0] == ("rises" if value > 0 else "falls" if value < 0 else "does")
    assert "0.000" not in moves(value)


@pytest.mark.parametrize(("value", "shown"), [(0.0, "< 0.001"), (0.00099, "< 0.001"), (0.001, "0.001"), (1.0, "1.000")])
def test_no_p_value_is_zero(value: float, shown: str) -> None:
    assert p_value(value) == shown


@given(st.text())
def test_any_text_is_one_line_without_commands(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(" ".join(["a", text, "b"])).startswith("a ")
