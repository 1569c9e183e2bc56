"""The queue of threads that want to write to one SQLite file, which has one writer at a time.

A thread that finds nobody writing leads: it begins a transaction, runs its own action, then those
of the threads that wait, each in a savepoint of its own, and commits once for all of them. Then the
next thread that waits leads. So there is no thread to start or stop, and a thread that comes alone
waits for nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from peewee import SqliteDatabase

from widget_backend.errors import DatabaseUnavailable
from widget_backend.store.timeouts import Failures, left

T = TypeVar("T")

MOST = 32
"""Actions to a commit."""
LONGEST = 0.02
"""Seconds after which a transaction takes no more actions: its leader waits for all of them."""


class Turn:
    """A thread that wants to write: with an action, or without one, for itself alone."""

    def __init__(self, action: Callable[[], Any] | None = None) -> None:
        self.action = action
        self.leads = False
        self.is_running = False
        """By another thread, which leads."""
        self.is_over = False
        self.is_abandoned = False
        self.result: Any = None
        self.error: Exception | None = None
        self._woken = Lock()
        self._woken.acquire()

    def wait(self, seconds: float) -> None:
        """Until the action was run by another thread, or it is this thread's turn to lead."""
        self._woken.acquire(timeout=-1 if seconds == inf else seconds)

    def wake(self) -> None:
        self._woken.release()

    def outcome(self) -> Any:
        """What the action returned or raised. A reference to the error would keep its frames."""
        error, self.error = self.error, None
        if error:
            try:
                raise error
            finally:
                del error
        return self.result


class WriteQueue(Failures):
    """Which thread writes next. Every database has a queue of its own.

    After a thread has waited in vain for another program, none tries for a while, and then one at a
    time: all others are refused at once.
    """

    def __init__(self) -> None:
        super().__init__("held")
        self.waits = 0
        """How often somebody wanted to write while others did, of this process or another."""
        self._lock = Lock()
        """Guards the attributes below, for moments."""
        self._waiting: deque[Turn] = deque()
        self._is_taken = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else of this process writes in the block.

        Raises DatabaseUnavailable when it would be in vain, or takes too long.
        """
        self._enter(Turn())
        try:
            self.refuse_if_tried()
            yield
        finally:
            self._hand_on()

    def run(self, database: SqliteDatabase, action: Callable[[], T]) -> T:
        """What the action returns, once it is durable.

        Raises what the action raises, with nothing of it written, and DatabaseUnavailable, which is
        said of an action that has never run, or was rolled back.
        """
        turn = Turn(action)
        self._enter(turn)
        if turn.is_over:
            return turn.outcome()  # type: ignore[no-any-return]
        try:
            self.refuse_if_tried()
            return self._lead(database, action)
        finally:
            self._hand_on()

    def _enter(self, turn: Turn) -> None:
        """Wait until the turn leads or is over."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            self.waits += 1
            if self.has_failed:
                raise DatabaseUnavailable("held", "others wait for it already")
            if turn.action:
                turn.action = partial(copy_context().run, turn.action)
            self._waiting.append(turn)
        try:
            turn.wait(left())
            if self._abandon(turn):
                raise DatabaseUnavailable("held", "it takes too long")
            if turn.is_running and not turn.is_over:
                turn.wait(inf)  # it has begun: what it does may be written
        except BaseException:
            # An interrupt, too, must not leave a turn behind that nobody takes.
            self._abandon(turn)
            if turn.leads:
                self._hand_on()
            raise

    def _abandon(self, turn: Turn) -> bool:
        """Whether nobody will run it any more; False when it is somebody's turn already."""
        with self._lock:
            turn.is_abandoned = not (turn.leads or turn.is_running or turn.is_over)
            return turn.is_abandoned

    def _hand_on(self) -> None:
        with self._lock:
            turn = self._next()
            if turn is None:
                self._is_taken = False
                return
            turn.leads = True
        turn.wake()

    def _next(self) -> Turn | None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.is_abandoned:
                return turn
        return None

    def _lead(self, database: SqliteDatabase, action: Callable[[], T]) -> T:
        """Run the action, and those of others with it, in one transaction.

        When it fails as a whole, all of them get DatabaseUnavailable.
        """
        others: list[Turn] = []
        try:
            with database.atomic("IMMEDIATE"):
                # Without a savepoint: nothing else has been written yet.
                result = action()
                self._run_others(database, others)
        except BaseException as error:
            for turn in others:
                turn.error = _failure(error)
            raise
        finally:
            for turn in others:
                turn.is_over = True
                turn.wake()
        return result

    def _run_others(self, database: SqliteDatabase, others: list[Turn]) -> None:
        until = monotonic() + LONGEST
        while _require_open(database) and len(others) < MOST - 1 and monotonic() < until:
            with self._lock:
                turn = self._next()
                if turn is None:
                    return
                if turn.action is None:
                    self._waiting.appendleft(turn)
                    return
                turn.is_running = True
            others.append(turn)
            _run_in_savepoint(database, turn, turn.action)


def _run_in_savepoint(database: SqliteDatabase, turn: Turn, action: Callable[[], Any]) -> None:
    """Raises DatabaseUnavailable, on purpose as the failure of all that share the transaction:
    SQLite may have rolled it back."""
    after_commit = database._state.commit_callbacks  # type: ignore[attr-defined]
    count = len(after_commit)
    database.execute_sql("SAVEPOINT turn")
    try:
        turn.result = action()
    except DatabaseUnavailable:
        raise
    except Exception as error:
        turn.error = error
    _require_open(database)
    database.execute_sql("ROLLBACK TO turn" if turn.error else "RELEASE turn")
    if turn.error:
        del after_commit[count:]


def _require_open(database: SqliteDatabase) -> bool:
    """Raises DatabaseUnavailable when SQLite has rolled everything back by itself."""
    if not database.connection().in_transaction:
        raise DatabaseUnavailable("disk", "the transaction was rolled back")
    return True


def _failure(error: BaseException) -> DatabaseUnavailable:
    if isinstance(error, DatabaseUnavailable):
        return DatabaseUnavailable(error.kind, error.text)
    return DatabaseUnavailable("held", "the transaction was rolled back")
