"""The map shows the house as it is: its picture, its rooms, its files."""

from docs import draw_map


class TestThePicture:
    def test_it_is_what_the_command_draws_now(self):
        assert draw_map.PICTURE.read_text() == draw_map.draw(), "run `make map`"
