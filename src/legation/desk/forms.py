"""What browsers post: forms and dropped files, within limits."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from legation.sources import MAX_BYTES


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=1, max_fields=600, max_part_size=MAX_BYTES + 1)


Form = Annotated[FormData, Depends(_posted)]
