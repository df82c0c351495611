"""Serving a part of a file (RFC 9110, section 14)."""

import re
from collections.abc import Mapping

from starlette.responses import Response

from enneo_mind_client.testing.refusals import Refusal

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_response(data: bytes, content_type: str, etag: str, headers: Mapping[str, str]) -> Response:
    """Answer with the file, or with the part that the request's headers ask for."""
    told = {"ETag": etag, "Accept-Ranges": "bytes"}
    part = _part(len(data), headers, etag)
    if part is None:
        return Response(data, 200, told, content_type)
    told["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    return Response(data[part.start : part.stop], 206, told, content_type)


def _part(total: int, headers: Mapping[str, str], etag: str) -> range | None:
    """Return the bytes asked for; None for the whole file, also where the request makes no sense."""
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if not asked or headers.get("if-range", etag) != etag or asked[0] == "bytes=-":
        return None
    first, last = asked[1], asked[2]
    start = int(first) if first else max(0, total - int(last))
    stop = min(total, int(last) + 1) if first and last else total
    if start >= total:
        raise Refusal(416, "Range not satisfiable", headers={"Content-Range": f"bytes */{total}"})
    return range(start, stop) if start < stop else None
