"""The queue between the training thread and the window."""

from __future__ import annotations

import threading

from rnnstudio.results.event_queue import EventQueue


def test_the_event_queue_loses_nothing_and_signals_once_per_drain() -> None:
    signals: list[None] = []
    queue: EventQueue[tuple[int, int]] = EventQueue(lambda: signals.append(None))
    count = 20_000

    def put(producer: int) -> None:
        for i in range(count):
            queue.put((producer, i))

    threads = [threading.Thread(target=put, args=(producer,)) for producer in (0, 1)]
    for thread in threads:
        thread.start()
    received: list[tuple[int, int]] = []
    drains = 0
    while any(thread.is_alive() for thread in threads):
        messages = queue.drain()
        drains += bool(messages)
        received += messages
    for thread in threads:
        thread.join()
    messages = queue.drain()
    received += messages
    drains += bool(messages)
    for producer in (0, 1):
        assert [i for source, i in received if source == producer] == list(range(count))
    assert len(signals) == drains
    assert queue.drain() == []
