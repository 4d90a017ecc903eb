"""Work outside of event loops."""

import asyncio
import contextvars
import threading

from alembic_manage.event_loop import LoopThread, outside_of_loops

variable = contextvars.ContextVar("variable", default="")


async def seven() -> int:
    return 7


def test_without_a_loop_the_work_stays_in_its_thread():
    assert outside_of_loops(threading.current_thread) is threading.current_thread()


def test_in_a_loop_the_work_may_run_another():
    async def main() -> int:
        return outside_of_loops(lambda: asyncio.run(seven()))

    assert asyncio.run(main()) == 7


def test_in_a_loop_the_work_sees_the_context():
    async def main() -> str:
        variable.set("set")
        return outside_of_loops(variable.get)

    assert asyncio.run(main()) == "set"


def test_a_thread_has_one_loop_for_all_that_it_is_asked():
    async def loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with LoopThread() as thread:
        assert thread.run(loop) is thread.run(loop)


def test_beside_a_thread_with_a_loop_another_may_run():
    with LoopThread() as thread:
        thread.run(seven)
        assert asyncio.run(seven()) == 7
