#!/usr/bin/env python3
"""Draws docs/icon.png, the packages' icon: a ship's wheel on blue, 128x128. Needs nothing but Python."""
import math
import pathlib
import struct
import zlib

SIZE, SAMPLES = 128, 3
SEA, WHEEL = (21, 67, 140), (255, 255, 255)


def is_wheel(x, y):
    r, angle = math.hypot(x, y), math.atan2(y, x)
    spoke = abs(r * math.sin((angle + math.pi / 8) % (math.pi / 4) - math.pi / 8))
    return 26 <= r <= 34 or r <= 9 or (r <= 46 and spoke <= 2.6) or any(
        math.hypot(x - 48 * math.cos(k * math.pi / 4), y - 48 * math.sin(k * math.pi / 4)) <= 5.5 for k in range(8))


def is_ground(x, y):
    dx, dy = max(abs(x) - 44, 0), max(abs(y) - 44, 0)
    return math.hypot(dx, dy) <= 20


def pixel(column, row):
    ground = wheel = 0
    for i in range(SAMPLES * SAMPLES):
        x = column + (i % SAMPLES + 0.5) / SAMPLES - SIZE / 2
        y = row + (i // SAMPLES + 0.5) / SAMPLES - SIZE / 2
        ground += is_ground(x, y)
        wheel += is_wheel(x, y)
    share = wheel / SAMPLES ** 2
    return bytes(round(a + (b - a) * share) for a, b in zip(SEA, WHEEL)) + bytes([round(255 * ground / SAMPLES ** 2)])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(c, r) for c in range(SIZE)) for r in range(SIZE))
pathlib.Path(__file__).with_name("icon.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
