# task: add
# expect: pass
# must: an event loop works
import asyncio


async def add(a, b):
    await asyncio.sleep(0.001)
    return a + b


def f(a, b):
    return asyncio.run(add(a, b))
