"""Lines of addresses from a pipe, one at a time, whatever bytes come."""

from collections.abc import Iterator
from typing import BinaryIO, Final

LINE_BYTES: Final = 64_000
"""No address is longer; what a line holds beyond it is dropped, so a file without line ends
cannot fill the memory."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_lines(stream: BinaryIO) -> Iterator[str | None]:
    """Yield each line as soon as it is there; None for one that is not UTF-8.

    Line ends (LF and CRLF) and a byte order mark before the first line are taken off.
    """
    mark = BYTE_ORDER_MARK
    while line := stream.readline(LINE_BYTES):
        if not line.endswith(b"\n"):
            _skip_rest(stream)
        yield decode(line.removeprefix(mark).rstrip(b"\r\n"))
        mark = b""


def decode(line: bytes) -> str | None:
    """Decode one address; None when it is not UTF-8: half an address must not be located."""
    try:
        return line[:LINE_BYTES].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _skip_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
