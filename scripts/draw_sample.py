"""Draw the pictures of the bundled sample.

    python scripts/draw_sample.py data/sample

Nothing here was photographed: terrain is fractal noise with light falling on it, spacecraft are
a few polygons. Each picture has the place, framing and colours of the event that its article tells
of, so that a gallery of them looks like what the program is for. The same numbers give the same
pictures each time.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath, ImageOps, PngImagePlugin

Colour = tuple[int, int, int]
Ramp = tuple[Colour, Colour, Colour]

RUST: Ramp = ((52, 26, 16), (168, 98, 62), (238, 200, 160))
TAN: Ramp = ((60, 44, 32), (172, 138, 104), (242, 224, 196))
GREY: Ramp = ((18, 18, 18), (124, 124, 124), (240, 240, 240))
FALSE_COLOUR: Ramp = ((30, 44, 66), (150, 122, 96), (236, 232, 214))
ICE: Ramp = ((92, 62, 48), (178, 140, 112), (250, 250, 252))


# --- terrain ----------------------------------------------------------------------------------


def fractal(
    size: tuple[int, int], seed: int, coarse: int = 4, roughness: float = 0.55
) -> Image.Image:
    """Heights, mode F, about 0 to 255: noise of halving size and falling strength."""
    dice = random.Random(seed)
    width, height = size
    total = Image.new("F", size, 0.0)
    strength, weight, cells = 1.0, 0.0, coarse
    while cells < max(size):
        columns, rows = cells, max(2, cells * height // width)
        noise = Image.frombytes("L", (columns, rows), dice.randbytes(columns * rows))
        layer = noise.convert("F").resize(size, Image.Resampling.BICUBIC)
        total = ImageMath.lambda_eval(
            lambda names, s=strength: names["total"] + names["layer"] * s, total=total, layer=layer
        )
        weight += strength
        strength *= roughness
        cells *= 2
    return ImageMath.lambda_eval(lambda names: names["total"] / weight, total=total)


def crater(heights: Image.Image, x: int, y: int, radius: int, depth: float) -> Image.Image:
    """The same heights with a bowl and a raised rim."""
    shape = Image.new("L", heights.size, 100)
    draw = ImageDraw.Draw(shape)
    for step in range(40, 0, -1):
        part = step / 40
        level = 100 + 70 * math.exp(-(((part - 0.75) / 0.12) ** 2)) - 100 * max(0.0, 1 - part / 0.7)
        reach = radius * part * 1.3
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach), fill=int(max(0, min(255, level)))
        )
    shape = shape.filter(ImageFilter.GaussianBlur(radius / 22)).convert("F")
    return ImageMath.lambda_eval(
        lambda names: names["h"] + (names["s"] - 100) * depth, h=heights, s=shape
    )


def lit(heights: Image.Image, strength: float = 5.0, spread: int = 2) -> Image.Image:
    """Light from the upper left on heights: mode L."""
    before = heights.transform(heights.size, Image.Transform.AFFINE, (1, 0, -spread, 0, 1, -spread))
    after = heights.transform(heights.size, Image.Transform.AFFINE, (1, 0, spread, 0, 1, spread))
    shade = ImageMath.lambda_eval(
        lambda names: 118 + (names["after"] - names["before"]) * strength + names["h"] * 0.12,
        before=before,
        after=after,
        h=heights,
    )
    return shade.convert("L")


def tinted(shade: Image.Image, ramp: Ramp) -> Image.Image:
    dark, middle, bright = ramp
    return ImageOps.colorize(shade, black=dark, mid=middle, white=bright)


def from_above(
    size: tuple[int, int], seed: int, ramp: Ramp, craters: int = 0, strength: float = 5.0
) -> Image.Image:
    """Ground as an orbiter or a descending craft sees it."""
    dice = random.Random(seed + 1)
    heights = fractal(size, seed)
    for _ in range(craters):
        radius = int(size[0] * dice.uniform(0.012, 0.07))
        heights = crater(
            heights,
            dice.randrange(size[0]),
            dice.randrange(size[1]),
            radius,
            dice.uniform(0.1, 0.5),
        )
    return tinted(lit(heights, strength), ramp)


def landscape(
    size: tuple[int, int], seed: int, ramp: Ramp, horizon: float = 0.38, rocks: int = 120
) -> Image.Image:
    """Ground as a rover sees it: sky, hills, a plain with stones."""
    width, height = size
    dice = random.Random(seed)
    line = int(height * horizon)
    sky = Image.linear_gradient("L").resize((width, line + 4))
    low, high = (214, 176, 138), (168, 128, 100)
    if ramp is GREY:
        low, high = (206, 206, 206), (168, 168, 168)
    picture = Image.new("RGB", size)
    picture.paste(ImageOps.colorize(sky, black=high, white=low), (0, 0))
    for layer in range(3):
        ridge = fractal((width, 16), seed + 20 + layer, coarse=3 + layer)
        tops = ridge.convert("L").resize((width, 1)).tobytes()
        rise = height * (0.16 - 0.045 * layer)
        outline = [(x, line - (tops[x] - 70) / 150 * rise) for x in range(0, width, 4)]
        tone = tuple(
            int(a + (b - a) * (0.28 + 0.2 * layer)) for a, b in zip(low, ramp[1], strict=True)
        )
        ImageDraw.Draw(picture).polygon([(0, height), *outline, (width, height)], fill=tone)
    plain = tinted(lit(fractal((width, height), seed + 3, coarse=6, roughness=0.7), 4.0), ramp)
    ground = height - line
    corners = (0, 0, int(width * 0.36), height, int(width * 0.64), height, width, 0)
    plain = plain.transform(
        (width, ground), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR
    )
    plain = ImageChops.overlay(plain, Image.new("RGB", plain.size, (150, 140, 132)))
    picture.paste(plain, (0, line))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(rocks):
        depth = dice.random() ** 1.8
        y = line + 6 + depth * (ground - 10)
        x = dice.randrange(width)
        reach = 1.5 + depth * width * dice.uniform(0.004, 0.026)
        shade = dice.uniform(0.75, 1.1)
        tone = tuple(int(c * shade) for c in ramp[1])
        draw.ellipse((x - reach * 0.6, y, x + reach * 2.0, y + reach * 0.5), fill=(20, 10, 6, 90))
        draw.polygon(_stone(dice, x, y, reach), fill=(*tone, 255))
        draw.polygon(
            _stone(dice, x - reach * 0.2, y - reach * 0.2, reach * 0.55), fill=(*ramp[2], 70)
        )
    return picture


def _stone(dice: random.Random, x: float, y: float, reach: float) -> list[tuple[float, float]]:
    return [
        (
            x + math.cos(turn / 8 * math.tau) * reach * dice.uniform(0.75, 1.1),
            y + math.sin(turn / 8 * math.tau) * reach * 0.6 * dice.uniform(0.75, 1.1),
        )
        for turn in range(8)
    ]


def disc(size: tuple[int, int], seed: int, ramp: Ramp, lit_side: float = 0.35) -> Image.Image:
    """The whole planet before black space."""
    width, height = size
    radius = int(min(size) * 0.44)
    surface = tinted(lit(fractal((radius * 2, radius * 2), seed, coarse=5), 2.4), ramp)
    clouds = fractal((radius * 2, radius * 2), seed + 9, coarse=4).convert("L")
    clouds = clouds.point(lambda value: max(0, value - 150) * 3)
    surface.paste((236, 226, 214), mask=clouds)
    cap = ImageDraw.Draw(surface)
    cap.ellipse((radius * 0.72, -radius * 0.06, radius * 1.28, radius * 0.16), fill=(246, 244, 240))
    surface = surface.filter(ImageFilter.GaussianBlur(0.8))
    shadow = Image.new("L", surface.size, 0)
    pen = ImageDraw.Draw(shadow)
    for step in range(60):
        part = step / 60
        reach = radius * (1 - part * 0.9)
        x, y = radius * (1 - lit_side * part), radius * (1 - 0.25 * part)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=int(40 + 215 * part**0.6))
    shadow = shadow.filter(ImageFilter.GaussianBlur(radius / 14))
    surface = ImageChops.multiply(surface, Image.merge("RGB", (shadow,) * 3))
    edge = Image.new("L", surface.size, 0)
    ImageDraw.Draw(edge).ellipse((2, 2, radius * 2 - 3, radius * 2 - 3), fill=255)
    picture = Image.new("RGB", size, (3, 3, 5))
    place = (width // 2 - radius, height // 2 - radius)
    picture.paste(surface, place, edge.filter(ImageFilter.GaussianBlur(1.5)))
    return picture


# --- what stands on it ------------------------------------------------------------------------


def rover(picture: Image.Image, x: float, y: float, unit: float, mast: bool = True) -> None:
    """A six-wheeled rover seen from its side; ``unit`` is a wheel's diameter in pixels."""
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.ellipse(
        (x - unit * 3.4, y + unit * 0.5, x + unit * 4.4, y + unit * 1.1), fill=(18, 9, 5, 110)
    )
    body = (226, 222, 214, 255)
    draw.polygon(
        [(x - 2.3 * unit, y - 1.5 * unit), (x + 2.2 * unit, y - 1.5 * unit),
         (x + 2.4 * unit, y - 0.5 * unit), (x - 2.5 * unit, y - 0.5 * unit)],
        fill=body,
    )  # fmt: skip
    draw.rectangle(
        (x - 2.3 * unit, y - 1.7 * unit, x + 2.2 * unit, y - 1.45 * unit), fill=(250, 248, 244, 255)
    )
    draw.polygon(
        [(x - 3.4 * unit, y - 2.0 * unit), (x - 2.3 * unit, y - 1.5 * unit),
         (x - 2.4 * unit, y - 0.8 * unit), (x - 3.2 * unit, y - 1.0 * unit)],
        fill=(96, 98, 104, 255),
    )  # fmt: skip
    for leg in ((-2.1, -0.1), (0.1, 0.0), (2.2, -0.1)):
        draw.line(
            (x, y - 0.8 * unit, x + leg[0] * unit, y + 0.2 * unit),
            fill=(120, 116, 110, 255),
            width=max(2, int(unit * 0.16)),
        )
    for wheel in (-2.1, 0.1, 2.2):
        cx, cy = x + wheel * unit, y + 0.4 * unit
        draw.ellipse(
            (cx - unit * 0.52, cy - unit * 0.52, cx + unit * 0.52, cy + unit * 0.52),
            fill=(46, 44, 44, 255),
        )
        draw.ellipse(
            (cx - unit * 0.2, cy - unit * 0.2, cx + unit * 0.2, cy + unit * 0.2),
            fill=(150, 146, 140, 255),
        )
    if mast:
        draw.rectangle(
            (x + 1.35 * unit, y - 3.7 * unit, x + 1.6 * unit, y - 1.6 * unit),
            fill=(188, 184, 178, 255),
        )
        draw.rectangle(
            (x + 0.95 * unit, y - 4.3 * unit, x + 2.0 * unit, y - 3.6 * unit),
            fill=(240, 238, 232, 255),
        )
        for eye in (1.15, 1.7):
            draw.ellipse(
                (x + (eye - 0.13) * unit, y - 4.1 * unit, x + (eye + 0.13) * unit, y - 3.84 * unit),
                fill=(24, 28, 40, 255),
            )


def rover_above(picture: Image.Image, x: float, y: float, unit: float) -> None:
    """A rover seen from above."""
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.ellipse(
        (x - unit * 1.1, y - unit * 0.8, x + unit * 2.0, y + unit * 1.9), fill=(16, 8, 4, 90)
    )
    draw.rectangle(
        (x - unit, y - unit * 0.75, x + unit, y + unit * 0.75), fill=(222, 220, 214, 255)
    )
    draw.rectangle(
        (x - unit * 0.8, y - unit * 0.55, x + unit * 0.1, y + unit * 0.45),
        fill=(250, 249, 246, 255),
    )
    draw.rectangle(
        (x + unit * 0.3, y - unit * 0.5, x + unit * 0.85, y + unit * 0.2), fill=(70, 72, 78, 255)
    )
    for side in (-1, 1):
        for wheel in (-0.85, 0.0, 0.85):
            cx, cy = x + wheel * unit, y + side * unit * 1.05
            draw.rectangle(
                (cx - unit * 0.24, cy - unit * 0.16, cx + unit * 0.24, cy + unit * 0.16),
                fill=(40, 38, 38, 255),
            )


def helicopter(picture: Image.Image, x: float, y: float, unit: float) -> None:
    """A small helicopter with two rotors on thin legs; ``unit`` is its body's width in pixels."""
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.ellipse(
        (x - unit * 2.4, y + unit * 1.2, x + unit * 3.2, y + unit * 1.7), fill=(18, 9, 5, 100)
    )
    for side in (-1, 1):
        draw.line(
            (x, y, x + side * unit * 1.3, y + unit * 1.4),
            fill=(32, 32, 34, 255),
            width=max(2, int(unit * 0.07)),
        )
        draw.line(
            (x, y, x + side * unit * 0.5, y + unit * 1.4),
            fill=(32, 32, 34, 255),
            width=max(2, int(unit * 0.07)),
        )
    draw.rectangle(
        (x - unit * 0.5, y - unit * 0.25, x + unit * 0.5, y + unit * 0.5), fill=(196, 176, 128, 255)
    )
    draw.rectangle((x - unit * 0.06, y - unit * 1.5, x + unit * 0.06, y), fill=(90, 90, 94, 255))
    reach, thick = unit * 2.5, max(2, int(unit * 0.11))
    for height, tilt in ((-0.9, 0.16), (-1.25, -0.1)):
        left, right = y + (height + tilt) * unit, y + (height - tilt) * unit
        draw.line((x - reach, left, x + reach, right), fill=(28, 28, 32, 255), width=thick)
    draw.rectangle(
        (x - unit * 0.55, y - unit * 1.62, x + unit * 0.55, y - unit * 1.5), fill=(30, 40, 84, 255)
    )


def parachute_below(picture: Image.Image, x: float, y: float, radius: float) -> None:
    """A canopy seen from below: rings of light and dark gores."""
    draw = ImageDraw.Draw(picture, "RGBA")
    gores = 40
    rings = ((1.0, 0.82), (0.76, 0.5), (0.46, 0.2))
    dice = random.Random(80)
    for outer, inner in rings:
        for gore in range(gores):
            start, end = gore / gores * math.tau, (gore + 1) / gores * math.tau
            tone = (214, 96, 40, 255) if dice.random() < 0.45 else (244, 240, 232, 255)
            draw.polygon(
                [(x + math.cos(a) * radius * r, y + math.sin(a) * radius * r)
                 for r, a in ((inner, start), (outer, start), (outer, end), (inner, end))],
                fill=tone,
            )  # fmt: skip
    for line in range(0, gores, 2):
        turn = line / gores * math.tau
        draw.line(
            (x, y + radius * 0.02, x + math.cos(turn) * radius, y + math.sin(turn) * radius),
            fill=(60, 56, 52, 120),
            width=1,
        )


# --- the pictures -----------------------------------------------------------------------------


def descent_stage() -> Image.Image:
    picture = from_above((1200, 900), 101, RUST, strength=7)
    draw = ImageDraw.Draw(picture, "RGBA")
    for reach in range(26):
        draw.arc(
            (
                600 - 130 - reach * 13,
                480 - 90 - reach * 9,
                600 + 130 + reach * 13,
                480 + 90 + reach * 9,
            ),
            reach * 31,
            reach * 31 + 210,
            fill=(226, 184, 144, 40),
            width=26,
        )
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    rover_above(picture, 600, 480, 130)
    draw = ImageDraw.Draw(picture, "RGBA")
    for start in ((560, 0), (640, 0), (600, -40)):
        draw.line((*start, 600 + (start[0] - 600) * 2.2, 420), fill=(236, 232, 226, 230), width=5)
    draw.line([(585, 0), (560, 150), (612, 270), (588, 420)], fill=(230, 228, 222, 220), width=7)
    return picture


def orbital_parachute() -> Image.Image:
    picture = from_above((1200, 1000), 113, GREY, craters=16).convert("L")
    draw = ImageDraw.Draw(picture)
    for gore in range(-5, 6):
        draw.pieslice(
            (560, 400, 640, 470),
            180 + (gore + 5) * 16,
            196 + (gore + 5) * 16,
            fill=250 if gore % 2 else 205,
        )
    for end in (566, 584, 600, 616, 634):
        draw.line((end, 436, 600, 552), fill=190, width=1)
    draw.ellipse((588, 548, 612, 568), fill=235)
    draw.rectangle((548, 384, 652, 590), outline=255, width=2)
    return picture


def canopy() -> Image.Image:
    picture = ImageOps.colorize(
        Image.linear_gradient("L").resize((1000, 1000)), black=(150, 120, 98), white=(186, 152, 122)
    )
    parachute_below(picture, 500, 470, 250)
    return picture.filter(ImageFilter.GaussianBlur(0.7))


def selfie() -> Image.Image:
    picture = landscape((1280, 960), 131, TAN, horizon=0.36, rocks=160)
    rover(picture, 640, 690, 120)
    draw = ImageDraw.Draw(picture, "RGBA")
    for hole in ((470, 860), (540, 880), (610, 872)):
        draw.ellipse((hole[0] - 12, hole[1] - 6, hole[0] + 12, hole[1] + 6), fill=(96, 88, 84, 255))
    return picture


def rover_from_orbit() -> Image.Image:
    picture = from_above((1100, 825), 149, FALSE_COLOUR, craters=6)
    draw = ImageDraw.Draw(picture)
    for shift in (-4, 4):
        draw.line(
            [(180, 700 + shift), (320, 610 + shift), (430, 590 + shift), (560, 470 + shift)],
            fill=(86, 78, 72),
            width=2,
        )
    draw.rectangle((556, 462, 572, 472), fill=(150, 196, 240))
    draw.rectangle((558, 464, 562, 468), fill=(250, 252, 255))
    return picture


def helicopter_portrait() -> Image.Image:
    picture = landscape((1200, 900), 151, RUST, horizon=0.3, rocks=200)
    helicopter(picture, 600, 540, 120)
    return picture


def rover_from_air() -> Image.Image:
    picture = landscape((1200, 900), 163, RUST, horizon=0.1, rocks=300)
    rover(picture, 250, 170, 16)
    draw = ImageDraw.Draw(picture, "RGBA")
    for shift in (-9, 9):
        draw.line(
            [(275, 186 + shift // 3), (520, 380 + shift), (880, 898 + shift * 3)],
            fill=(86, 48, 30, 130),
            width=5,
        )
    return picture


def rotor_shadow() -> Image.Image:
    picture = (
        from_above((640, 480), 167, GREY, strength=4)
        .convert("L")
        .filter(ImageFilter.GaussianBlur(0.6))
    )
    shade = Image.new("L", picture.size, 255)
    draw = ImageDraw.Draw(shade)
    draw.rectangle((296, 214, 344, 262), fill=70)
    draw.polygon([(190, 190), (200, 176), (450, 284), (442, 298)], fill=110)
    draw.polygon([(204, 302), (194, 290), (436, 176), (446, 188)], fill=120)
    for leg in ((250, 320), (396, 330), (262, 160), (388, 150)):
        draw.line((320, 238, *leg), fill=90, width=5)
    return ImageChops.multiply(picture, shade.filter(ImageFilter.GaussianBlur(2)))


def group_portrait() -> Image.Image:
    picture = landscape((1280, 860), 173, RUST, horizon=0.42, rocks=110)
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.ellipse((690, 640, 1130, 700), fill=(18, 9, 5, 100))
    draw.polygon([(740, 560), (1060, 560), (1100, 610), (700, 610)], fill=(206, 188, 140, 255))
    draw.rectangle((760, 500, 1040, 565), fill=(226, 214, 186, 255))
    for leg in (720, 1080):
        draw.line((900, 600, leg, 680), fill=(150, 140, 120, 255), width=12)
        draw.ellipse((leg - 34, 668, leg + 34, 692), fill=(196, 180, 150, 255))
    draw.polygon([(700, 610), (640, 690), (664, 692), (730, 612)], fill=(170, 160, 140, 255))
    draw.rectangle((880, 520, 940, 548), fill=(196, 32, 36, 255))
    rover(picture, 400, 620, 62)
    draw = ImageDraw.Draw(picture, "RGBA")
    for wing in (-1, 1):
        draw.polygon(
            [
                (400 + wing * 60, 520),
                (400 + wing * 220, 488),
                (400 + wing * 236, 516),
                (400 + wing * 80, 556),
            ],
            fill=(38, 54, 104, 255),
        )
    return picture


def platform_view() -> Image.Image:
    picture = landscape((1100, 760), 179, RUST, horizon=0.35, rocks=150)
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.polygon([(380, 760), (440, 480), (640, 480), (720, 760)], fill=(150, 146, 138, 255))
    for rail in ((400, 452), (690, 628)):
        draw.line((rail[0], 760, rail[1], 480), fill=(222, 218, 208, 255), width=12)
    return picture


def ice_crater() -> Image.Image:
    heights = crater(fractal((1280, 900), 181), 640, 470, 330, 1.1)
    picture = tinted(lit(heights, 5), ICE)
    mound = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mound).ellipse((400, 260, 880, 680), fill=255)
    mound = mound.filter(ImageFilter.GaussianBlur(26))
    ice = tinted(
        lit(fractal(picture.size, 182, coarse=3), 2),
        ((196, 206, 216), (234, 238, 242), (254, 254, 255)),
    )
    picture.paste(ice, mask=mound)
    return picture


def height_map() -> Image.Image:
    heights = crater(fractal((1000, 750), 181), 500, 390, 270, 1.1).convert("L")
    colours = [
        (60, 40, 130),
        (40, 110, 190),
        (60, 170, 120),
        (220, 210, 90),
        (220, 120, 50),
        (240, 240, 240),
    ]
    table: list[int] = []
    for channel in range(3):
        for value in range(256):
            place = value / 255 * (len(colours) - 1)
            at = min(int(place), len(colours) - 2)
            a, b = colours[at][channel], colours[at + 1][channel]
            table.append(int(a + (b - a) * (place - at)))
    picture = Image.merge("RGB", (heights,) * 3).point(table)
    draw = ImageDraw.Draw(picture)
    for step in range(60):
        value = 255 - step * 255 // 59
        draw.rectangle(
            (940, 120 + step * 8, 970, 128 + step * 8),
            fill=tuple(table[c * 256 + value] for c in range(3)),
        )
    return picture


def hazcam_shadow() -> Image.Image:
    picture = landscape((1024, 1024), 191, GREY, horizon=0.24, rocks=190).convert("L")
    shade = Image.new("L", picture.size, 255)
    draw = ImageDraw.Draw(shade)
    draw.polygon(
        [(330, 1024), (360, 640), (300, 560), (640, 540), (620, 640), (690, 1024)], fill=90
    )
    draw.rectangle((452, 300, 482, 560), fill=95)
    draw.rectangle((400, 262, 540, 312), fill=95)
    return ImageChops.multiply(picture, shade.filter(ImageFilter.GaussianBlur(5)))


def footpad() -> Image.Image:
    picture = landscape((900, 700), 193, GREY, horizon=0.02, rocks=260).convert("L")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((560, 420, 860, 560), fill=150)
    draw.ellipse((590, 400, 830, 510), fill=208)
    draw.ellipse((640, 420, 780, 480), fill=120)
    for rivet in range(12):
        turn = rivet / 12 * math.tau
        draw.ellipse(
            (
                706 + math.cos(turn) * 92,
                452 + math.sin(turn) * 40,
                714 + math.cos(turn) * 92,
                458 + math.sin(turn) * 40,
            ),
            fill=90,
        )
    return picture


def cliff() -> Image.Image:
    picture = landscape((1400, 600), 197, TAN, horizon=0.3, rocks=90)
    draw = ImageDraw.Draw(picture, "RGBA")
    dice = random.Random(198)
    for layer in range(26):
        top = 170 + layer * 10
        outline = [
            (x, top + (x / 1400 - 0.5) * 130 + dice.uniform(-3, 3)) for x in range(0, 1401, 20)
        ]
        tone = tuple(int(c * (0.72 + 0.5 * ((layer * 7) % 11) / 11)) for c in TAN[1])
        draw.line(outline, fill=(*tone, 200), width=9)
    return picture


def lander_selfie() -> Image.Image:
    picture = landscape((1200, 900), 199, RUST, horizon=0.16, rocks=60)
    draw = ImageDraw.Draw(picture, "RGBA")
    for x in (250, 950):
        draw.ellipse(
            (x - 210, 300, x + 210, 700),
            fill=(40, 46, 66, 255),
            outline=(196, 186, 170, 255),
            width=6,
        )
        for spoke in range(10):
            turn = spoke / 10 * math.tau
            draw.line(
                (x, 500, x + math.cos(turn) * 208, 500 + math.sin(turn) * 198),
                fill=(150, 140, 126, 255),
                width=3,
            )
    draw.rectangle((440, 380, 760, 640), fill=(208, 196, 176, 255))
    draw.ellipse((540, 430, 660, 540), fill=(244, 240, 232, 255))
    draw.line((600, 640, 560, 900), fill=(170, 162, 150, 255), width=26)
    return picture


def crater_rim() -> Image.Image:
    heights = crater(fractal((1280, 800), 211), 560, 1040, 760, 1.3)
    picture = tinted(lit(heights, 5), ICE)
    frost = fractal(picture.size, 212, coarse=3).convert("L").point(lambda v: max(0, v - 140) * 4)
    picture.paste((246, 248, 252), mask=frost)
    return picture


def orbiter_disc() -> Image.Image:
    picture = disc((1100, 1000), 223, RUST)
    draw = ImageDraw.Draw(picture, "RGBA")
    for x, y, reach in ((470, 330, 34), (590, 420, 15), (622, 468, 15), (650, 516, 15)):
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach), outline=(92, 46, 26, 150), width=5
        )
    return picture


def storm_disc() -> Image.Image:
    picture = disc((1000, 1000), 227, ((70, 30, 16), (190, 116, 66), (244, 214, 170)), lit_side=0.2)
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def control_room() -> Image.Image:
    picture = Image.new("RGB", (1200, 800), (22, 26, 40))
    draw = ImageDraw.Draw(picture, "RGBA")
    for screen in range(4):
        x = 60 + screen * 285
        draw.rectangle(
            (x, 60, x + 250, 230), fill=(28, 60, 110, 255), outline=(90, 140, 210, 255), width=4
        )
        draw.ellipse((x + 80, 90, x + 170, 180), fill=(176, 96, 60, 255))
    dice = random.Random(229)
    for row in range(3):
        for seat in range(6 - row):
            x = 120 + seat * 200 + row * 90
            y = 420 + row * 110
            shirt = (dice.randrange(30, 90), dice.randrange(60, 120), dice.randrange(130, 200), 255)
            skin = (dice.randrange(120, 220), dice.randrange(90, 160), dice.randrange(70, 130), 255)
            draw.ellipse((x - 60, y + 40, x + 60, y + 220), fill=shirt)
            draw.ellipse((x - 32, y - 30, x + 32, y + 46), fill=skin)
            draw.rectangle((x - 34, y + 4, x + 34, y + 44), fill=(232, 236, 240, 230))
            if dice.random() < 0.6:
                for side in (-1, 1):
                    draw.line((x + side * 50, y + 80, x + side * 84, y - 60), fill=shirt, width=22)
        draw.rectangle((0, 540 + row * 110, 1200, 566 + row * 110), fill=(44, 48, 62, 255))
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def concept() -> Image.Image:
    picture = Image.new("RGB", (1280, 800), (4, 5, 12))
    draw = ImageDraw.Draw(picture, "RGBA")
    dice = random.Random(233)
    for _ in range(400):
        x, y = dice.randrange(1280), dice.randrange(800)
        draw.point((x, y), fill=(255, 255, 255, dice.randrange(60, 255)))
    world = disc((1800, 1800), 239, RUST, lit_side=0.5)
    picture.paste(
        world.crop((0, 0, 1800, 560)),
        (-260, 330),
        world.convert("L").crop((0, 0, 1800, 560)).point(lambda v: 255 if v > 12 else 0),
    )
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.polygon([(560, 210), (720, 190), (760, 260), (600, 286)], fill=(210, 208, 204, 255))
    draw.ellipse((600, 110, 740, 210), fill=(238, 236, 230, 255))
    for wing in ((560, 240, 300, 300), (760, 220, 1010, 150)):
        draw.polygon(
            [
                (wing[0], wing[1] - 30),
                (wing[2], wing[3] - 40),
                (wing[2], wing[3] + 40),
                (wing[0], wing[1] + 30),
            ],
            fill=(36, 56, 120, 255),
            outline=(140, 160, 210, 255),
        )
    return picture


def route_map() -> Image.Image:
    picture = from_above((1000, 800), 241, TAN, craters=10, strength=3)
    draw = ImageDraw.Draw(picture, "RGBA")
    route = [
        (700, 300),
        (690, 360),
        (640, 420),
        (600, 500),
        (520, 520),
        (470, 600),
        (380, 590),
        (300, 520),
    ]
    draw.line(route, fill=(255, 255, 255, 255), width=4)
    for stop in route:
        draw.ellipse(
            (stop[0] - 7, stop[1] - 7, stop[0] + 7, stop[1] + 7),
            fill=(30, 90, 200, 255),
            outline=(255, 255, 255, 255),
            width=2,
        )
    draw.rectangle((60, 730, 260, 738), fill=(255, 255, 255, 255))
    for tick in (60, 160, 260):
        draw.rectangle((tick - 2, 718, tick + 2, 750), fill=(255, 255, 255, 255))
    draw.polygon([(930, 60), (950, 110), (930, 98), (910, 110)], fill=(255, 255, 255, 255))
    return picture


def descent_over_crater() -> Image.Image:
    heights = crater(fractal((1200, 800), 251), 430, 500, 290, 0.9)
    picture = lit(heights, 5)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((790, 240, 830, 262), fill=252)
    for end in (794, 802, 810, 818, 826):
        draw.line((end, 254, 812, 306), fill=200, width=1)
    draw.ellipse((806, 302, 818, 312), fill=235)
    return picture


def dust_storm() -> Image.Image:
    """Sixteen bits a pixel, as instrument teams hand out, with most of the range unused."""
    heights = fractal((640, 500), 257, coarse=5)
    scaled = ImageMath.lambda_eval(lambda names: 900 + names["h"] * 12, h=heights)
    deep = Image.new("I;16", heights.size)
    deep.frombytes(
        b"".join(int(value).to_bytes(2, "little") for value in scaled.get_flattened_data())
        if hasattr(scaled, "get_flattened_data")
        else b"".join(int(value).to_bytes(2, "little") for value in scaled.getdata())
    )
    return deep


# --- what surrounds them ----------------------------------------------------------------------


def flat(size: tuple[int, int], seed: int) -> Image.Image:
    """A logo, banner or button: shapes without a picture in them."""
    dice = random.Random(seed)
    width, height = size
    picture = Image.new("RGB", size, tuple(dice.randrange(20, 90) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    bright = tuple(dice.randrange(150, 256) for _ in range(3))
    reach = min(size) * 0.36
    draw.ellipse(
        (height * 0.14, height / 2 - reach, height * 0.14 + 2 * reach, height / 2 + reach),
        fill=bright,
    )
    for bar in range(3):
        top, end = height * (0.26 + 0.2 * bar), width * dice.uniform(0.7, 0.94)
        start = min(height * 0.3 + 2 * reach, end)
        draw.rectangle((start, top, end, top + height * 0.1), fill=bright)
    return picture


def teaser(size: tuple[int, int], seed: int) -> Image.Image:
    """The small picture of another story."""
    return from_above(size, seed, (TAN, FALSE_COLOUR, GREY)[seed % 3], craters=3)


# --- where each goes --------------------------------------------------------------------------

Draw = Callable[[], Image.Image]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One file of the sample."""

    path: str
    draw: Draw
    width: int | None = None
    """Pixels of a smaller rendition; None for the picture as drawn."""
    embedded: dict[str, str] = field(default_factory=dict)
    """What its XMP packet says: ``title``, ``description``, ``credit``, ``date``."""


def small(
    path: str, width: int, height: int, seed: int, draw: Callable[..., Image.Image] = flat
) -> Place:
    return Place(path=path, draw=partial(draw, (width, height), seed))


PLACES: tuple[Place, ...] = (
    Place(path="landing-day_files/rover-on-cables.jpg", draw=descent_stage),
    Place(
        path="landing-day_files/ESP_068294_9015.jpg",
        draw=orbital_parachute,
        embedded={
            "title": "Perseverance under its parachute",
            "credit": "NASA/JPL/University of Arizona",
        },
    ),
    Place(path="landing-day_files/canopy.png", draw=canopy),
    Place(path="landing-day_files/mission-control.jpg", draw=control_room),
    small("landing-day_files/logo.png", 200, 60, 1),
    small("landing-day_files/ad-telescope.jpg", 300, 250, 2),
    small("landing-day_files/author.jpg", 48, 48, 3),
    small("landing-day_files/teaser-hope.jpg", 320, 180, 4, teaser),
    small("landing-day_files/teaser-telescope.jpg", 320, 180, 5, teaser),
    Place(
        path="selfie-feature_files/curiosity-mary-anning.jpg",
        draw=selfie,
        embedded={
            "title": "Curiosity at Mary Anning",
            "credit": "NASA/JPL-Caltech/MSSS",
            "date": "2020-10-25",
        },
    ),
    Place(path="selfie-feature_files/curiosity-mary-anning-640.jpg", draw=selfie, width=640),
    Place(path="selfie-feature_files/curiosity-from-orbit.jpg", draw=rover_from_orbit),
    small("selfie-feature_files/menu-moon.jpg", 300, 200, 6, teaser),
    small("selfie-feature_files/agency-logo.png", 120, 100, 7),
    Place(path="helicopter-blog_files/ingenuity-on-the-ground.jpg", draw=helicopter_portrait),
    Place(
        path="helicopter-blog_files/ingenuity-on-the-ground-1024x768.jpg",
        draw=helicopter_portrait,
        width=1024,
    ),
    Place(path="helicopter-blog_files/first-flight-shadow.jpg", draw=rotor_shadow),
    Place(path="helicopter-blog_files/rover-from-the-air.webp", draw=rover_from_air),
    small("helicopter-blog_files/blog-logo.png", 240, 60, 8),
    small("helicopter-blog_files/gravatar.jpg", 96, 96, 9),
    small("helicopter-blog_files/popular-150x150.jpg", 150, 150, 10, teaser),
    small("helicopter-blog_files/mug-ad.jpg", 300, 250, 11),
    Place(path="ice-crater_files/korolev-view.jpg", draw=ice_crater),
    Place(path="ice-crater_files/korolev-heights.png", draw=height_map),
    small("ice-crater_files/banner.png", 728, 90, 12),
    small("ice-crater_files/valid.gif", 88, 31, 13),
    Place(path="zhurong_files/group-portrait-large.jpg", draw=group_portrait),
    Place(path="zhurong_files/group-portrait-small.jpg", draw=group_portrait, width=480),
    Place(path="zhurong_files/ramp.jpg", draw=platform_view),
    small("zhurong_files/placeholder.gif", 64, 36, 14),
    small("zhurong_files/weekly.png", 180, 50, 15),
    small("zhurong_files/sponsor.jpg", 300, 250, 16),
    Place(
        path="encyclopaedia_files/Footpad.jpg",
        draw=footpad,
        embedded={"title": "First picture from the surface", "credit": "NASA/JPL"},
    ),
    Place(
        path="encyclopaedia_files/Shadow.png",
        draw=hazcam_shadow,
        embedded={"title": "A shadow in Endurance Crater", "credit": "NASA/JPL"},
    ),
    Place(path="encyclopaedia_files/Cliff.jpg", draw=cliff),
    small("encyclopaedia_files/magnify.png", 15, 11, 17),
    small("encyclopaedia_files/puzzle-logo.png", 135, 135, 18),
    small("encyclopaedia_files/badge.png", 88, 31, 19),
    Place(path="feed_files/insight-selfie.jpg", draw=lander_selfie),
    Place(path="feed_files/korolev-rim.jpg", draw=crater_rim),
    Place(path="arrivals_files/hope-first-image.jpg", draw=orbiter_disc),
    Place(path="arrivals_files/mom-full-disc.jpg", draw=storm_disc),
    Place(path="next-stop_files/orbiter-concept.jpg", draw=concept),
    Place(path="next-stop_files/jezero-route.jpg", draw=route_map),
    small("next-stop_files/maproom-logo.png", 160, 60, 20),
    small("next-stop_files/subscribe.jpg", 600, 120, 21),
    Place(path="falling_files/PSP_008579_9020_descent.jpg", draw=descent_over_crater),
    Place(
        path="falling_files/PSP_008579_9020_descent_small.jpg", draw=descent_over_crater, width=600
    ),
    small("falling_files/topbar.gif", 760, 40, 22),
    small("falling_files/home.gif", 60, 20, 23),
    Place(
        path="dust-storm-2018.tif",
        draw=dust_storm,
        embedded={
            "title": "The dust storm of 2018",
            "description": (
                "Dust covers the southern hemisphere of Mars in June 2018. The picture was taken "
                "by the Mars Color Imager (MARCI) on the Mars Reconnaissance Orbiter."
            ),
            "credit": "NASA/JPL-Caltech/MSSS",
            "date": "2018-06-06",
        },
    ),
)

FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".tif": "TIFF"}


def xmp(statements: dict[str, str]) -> bytes:
    """An XMP packet with title, description, credit line and date, as IPTC maps them."""
    lines = []
    for name, tag in (("title", "dc:title"), ("description", "dc:description")):
        if name in statements:
            words = escape(statements[name])
            lines.append(
                f'<{tag}><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></{tag}>'
            )
    if "credit" in statements:
        lines.append(f"<photoshop:Credit>{escape(statements['credit'])}</photoshop:Credit>")
    if "date" in statements:
        lines.append(f"<photoshop:DateCreated>{escape(statements['date'])}</photoshop:DateCreated>")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
        f"{''.join(lines)}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def main(folder: Path) -> None:
    """Draw every file of the sample into a folder."""
    for place in PLACES:
        picture = place.draw()
        if place.width is not None:
            height = round(picture.height * place.width / picture.width)
            picture = picture.resize((place.width, height), Image.Resampling.LANCZOS)
        path = folder / place.path
        path.parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"quality": 82} if path.suffix in {".jpg", ".webp"} else {}
        if path.suffix == ".png" and picture.mode == "RGB":
            picture = picture.quantize(256)
        if path.suffix == ".tif":
            options["compression"] = "tiff_adobe_deflate"
        if place.embedded:
            packet = xmp(place.embedded)
            if path.suffix == ".png":
                options["pnginfo"] = PngImagePlugin.PngInfo()
                options["pnginfo"].add_itxt("XML:com.adobe.xmp", packet.decode())
            elif path.suffix == ".tif":
                options["tiffinfo"] = {700: packet}  # the tag that XMP Part 3 reserves in TIFF
            else:
                options["xmp"] = packet
        picture.save(path, FORMATS[path.suffix], **options)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: draw_sample.py FOLDER")
    main(Path(sys.argv[1]))
