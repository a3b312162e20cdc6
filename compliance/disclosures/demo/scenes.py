"""What the rooms above add to the demonstration: each registers a scene as it starts, in an
`AppConfig.ready`."""

import datetime
from collections.abc import Callable

Scene = Callable[[datetime.datetime], object]
_scenes: list[Scene] = []


def register(scene: Scene) -> Scene:
    """Have `scene(now)` called when the demonstration is set up: last, in the same transaction,
    with the staff there."""
    if scene not in _scenes:
        _scenes.append(scene)
    return scene


def play(now: datetime.datetime) -> None:
    """Every scene, in the order in which the rooms start."""
    for scene in _scenes:
        scene(now)
