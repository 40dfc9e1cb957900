"""What the browser's camera sees: a film of one still picture, made of a code's squares."""

from __future__ import annotations

from pathlib import Path

import segno

WIDTH, HEIGHT, SQUARE = 640, 480, 12
_FRAMES = 5


def hold_up(code: str, camera: Path) -> None:
    """Holds a QR code before the camera whose film is at `camera`, as YUV4MPEG2: grey squares, no colour."""
    rows = [list(row) for row in segno.make_qr(code, error="m").matrix_iter(border=4)]
    luma = bytearray(b"\xeb" * (WIDTH * HEIGHT))
    side = len(rows) * SQUARE
    top, left = (HEIGHT - side) // 2, (WIDTH - side) // 2
    for y in range(side):
        line = b"".join((b"\x10" if dark else b"\xeb") * SQUARE for dark in rows[y // SQUARE])
        start = (top + y) * WIDTH + left
        luma[start : start + side] = line
    chroma = b"\x80" * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    camera.write_bytes(head + (b"FRAME\n" + bytes(luma) + chroma) * _FRAMES)
