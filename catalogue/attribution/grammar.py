"""What a caption's grammar says: who took the picture, and what is seen in it.

A text is read as a string of letters (:mod:`catalogue.attribution.mentions`), so each rule is a
regular expression over a sentence: ``V...b...S`` is «captured by Curiosity». Gaps have a limit, so
the time grows with the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from catalogue.attribution.reading import Mention, Reading


class Role(StrEnum):
    """What part something named in a text plays."""

    AGENT = "agent"
    """It took the picture."""
    OBJECT = "object"
    """It is seen in the picture."""
    PART = "part"
    """A part of it, or its shadow, is seen in the picture."""
    ELSEWHERE = "elsewhere"
    """It is named for another reason: what it will do, what it did at another time."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A sign that something named plays a part."""

    role: Role
    mention: Mention
    at: int
    """The mention's element."""
    weight: float
    """How far the sign is to be trusted, 0 to 1."""
    rule: str
    start: int
    """First element of the words that the sign rests on."""
    stop: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of words, and what it tells of the name in it (the group ``s``)."""

    name: str
    role: Role
    weight: float
    pattern: re.Pattern[str]
    of_two: bool
    """It tells one of another (the group ``a``)."""
    of_cameras: bool
    """It tells of cameras alone."""
    needed: frozenset[str]
    """Letters without which it cannot hold."""


_NP = r"[tyAXxmgO'\"k-]{0,6}?"
"""What may stand between a preposition and the name: «by NASA's robotic ...»."""

_BY = r"[tyAXxmgO'\"kn,-]{0,8}?"
"""The same behind «by», an apposition among it: «by its sibling in orbit, ...»."""


def _gap(most: int, but: str = "") -> str:
    """At most so many words of one clause, none of them a name, nor of the classes ``but``."""
    return rf"[^.SRIQ:{but}]{{0,{most}}}?"


def _rule(name: str, role: Role, weight: float, pattern: str) -> Rule:
    compiled = re.compile(pattern)
    of_cameras = "(?P<s>I)" in pattern or "(?P<s>M)" in pattern
    of_two = "a" in compiled.groupindex
    return Rule(name, role, weight, compiled, of_two, of_cameras, _needed(pattern))


def _needed(pattern: str) -> frozenset[str]:
    """The letters that stand by themselves in each branch of a pattern, outside of every group."""
    bare, before = pattern, ""
    while bare != before:
        before, bare = bare, _GROUP.sub("", bare)
    return frozenset.intersection(*(frozenset(_ALONE.findall(part)) for part in bare.split("|")))


_GROUP = re.compile(r"(?:\([^()]*\)|\[[^\]]*\])(?:\{[^}]*\}|[?*])?[?+]?")
_ALONE = re.compile(r"[A-Za-z](?![?*{])|(?<![{,\d])[1-9](?![?*{,}\d])")


_A, _O, _B, _E = Role.AGENT, Role.OBJECT, Role.PART, Role.ELSEWHERE
_CRAFT, _ANY, _CAMERA, _OTHER = "(?P<s>[SR])", "(?P<s>[SRI])", "(?P<s>I)", "(?P<a>[SRI])"
_WITH = "[kt'yBHxX-]"
"""What may belong to something seen: «and its platform»."""
_NO_PLACE = r"(?!'?[gx]{0,2}[HB])"
_OWNER = "(?:S'[xXm]{0,2}G,?)?"
_NO_OWNER = "(?!'[xXm]{0,2}[SRG])"
"""Not «the lander's» before «rover»: that one is meant."""

_ON_CAMERA = "(?<!C[ofn].)(?<!C[ofn][ty].)"
"""Not the mast of «a camera on its mast»."""

SIMILAR = "took a similar one"
"""The rule of who took another picture like the one that is shown."""

RULES: tuple[Rule, ...] = (
    # --- who took it
    _rule("taken by", _A, 0.95, rf"[VTrvDP](?<!HT){_gap(9)}b{_BY}{_OWNER}{_ANY}{_NO_OWNER}"),
    _rule("taken with", _A, 0.93, rf"[VTvP]{_gap(9)}w{_NP}(?P<s>I|[SR](?='?[gxX]{{0,2}}[IC]))"),
    _rule(
        "taken from",
        _A,
        0.88,
        rf"(?:[VvT]{_gap(8, 'bD5')}[fn]|L{_gap(8, 'bD')}f){_NP}{_ANY}(?!'?[gx]{{0,2}}[HBU])",
    ),
    _rule("picture from", _A, 0.92, rf"P{_gap(6, 'VTvDf')}f{_NP}{_ANY}{_NO_PLACE}"),
    _rule("picture on", _A, 0.60, rf"P{_gap(2, 'VTvDf')}n{_NP}{_CAMERA}"),
    _rule("its camera", _A, 0.90, rf"{_CRAFT}'?[gxXmA'\"-]{{0,4}}?[CI]"),
    _rule(
        "its picture",
        _A,
        0.88,
        rf"{_CRAFT}C?'?[gxXNdj\"-]{{0,3}}?P(?!o[tAxX']{{0,4}}[SR])|(?P<t>I)C?'?[gxXNd\"-]{{0,3}}?P",
    ),
    _rule("camera of", _A, 0.92, rf"[IC]{_gap(5, 'VTvDPUK')}[nofbw,]{_NP}{_CRAFT}"),
    _rule(
        "it took",
        _A,
        0.86,
        rf"{_ANY}[gmCekxXO'\")(AI-]{{0,4}}?(?:[VL]|T(?={_gap(7)}[PZ]))(?![^.SRI,]{{0,5}}b)",
    ),
    _rule(
        "it sent",
        _A,
        0.6,
        rf"{_CRAFT}[gmekxXO'\")(A-]{{0,4}}?r(?={_gap(7)}P)(?![^.SRI,]{{0,5}}b)",
    ),
    _rule("that it took", _A, 0.88, rf"P[tx]{{0,2}}?{_CRAFT}[gCxX]{{0,2}}[VTe]"),
    _rule(
        "camera on a part of it",
        _A,
        0.85,
        rf"(?:C{_gap(4)}[nofbw]|[VTP]{_gap(4)}[nfbw]){_NP}(?P<s>M)",
    ),
    _rule("a part of it took", _A, 0.80, rf"(?P<s>M){_gap(3)}(?:V|T{_gap(4)}P)"),
    _rule("through", _A, 0.85, rf"w{_NP}{_CAMERA}"),
    _rule("by", _A, 0.80, rf"(?:[,:(-]|^|\.)b{_NP}{_ANY}"),
    _rule("by, behind", _A, 0.93, rf"{_CRAFT}[gxX)\"(SR]{{0,4}}?q"),
    _rule("verb first", _A, 0.70, rf"Vt?[xX]?{_CAMERA}"),
    _rule("it found", _A, 0.75, rf"{_CAMERA}C?[)gx(I]{{0,3}}?a"),
    _rule("picture of an orbiter", _A, 0.75, rf"Pt[A-]{{0,3}}g?{_CRAFT}"),
    _rule("it shows", _A, 0.75, rf"{_CAMERA}C?[)gx(I]{{0,3}}?D"),
    _rule(
        "its self-portrait",
        _A,
        0.88,
        r"(?P<s>[SR])[^.SRI:]{0,8}?Z|Z[^.SRI]{0,8}?(?P<t>[SR])",
    ),
    # --- what is seen
    _rule(
        "picture of",
        _O,
        0.80,
        rf"P{_gap(3, 'bf,VTvE')}o[tyA'xXOmg\"]{{0,6}}?{_CRAFT}(?!'?[gxX]{{0,3}}[PCH])",
    ),
    _rule(
        "seen by",
        _O,
        0.85,
        rf"{_ANY}{_NO_PLACE}[^.SRI:ar]{{0,16}}?[VvDP][^.SRI:]{{0,6}}?[bfwn][^.SRI:]{{0,6}}?{_OTHER}",
    ),
    _rule(
        "seen from orbit",
        _O,
        0.80,
        rf"{_CRAFT}[^.SRI:]{{0,6}}?[Vv][^.SRI:]{{0,3}}?[bf][tyxm]{{0,3}}+(?![SRI])",
    ),
    _rule(
        "it took a picture of it",
        _O,
        0.80,
        rf"{_OTHER}[^.SRI:]{{0,4}}?[VL][^.SRIbfn:]{{0,5}}?{_CRAFT}(?!'?[gxX]{{0,3}}[PCIHN])",
    ),
    _rule(
        "it took a picture that is of it",
        _O,
        0.80,
        rf"{_OTHER}[^.SRI:]{{0,4}}?[VT]{_gap(4, 'bf,VTvE')}P{_gap(2, 'bf,VTvE')}o"
        rf"{_NP}{_CRAFT}(?!'?[gxX]{{0,3}}[PCIHN])",
    ),
    _rule("is seen", _O, 0.70, rf"{_CRAFT}g?(?:,[^.SRI,:]{{1,6}},|\([^.SRI):]{{1,6}}\))?Ex?[vK]"),
    _rule("stands", _O, 0.55, rf"{_CRAFT}[^.SRI:]{{0,4}}?[Uu]"),
    _rule(
        "pictured is",
        _O,
        0.80,
        rf"(?:^|\.)[vVD][EwxO]{{0,3}}[,:]?E?{_NP}{_CRAFT}(?!'?[gxX]{{0,3}}[PCHI])",
    ),
    _rule("shown", _O, 0.60, rf"[PxXSRg]D{_NP}{_CRAFT}(?!'?[gxX]{{0,3}}[PCHIN])"),
    _rule("with it", _O, 0.55, rf"P,?w{_NP}(?P<s>R)(?!'?[gxX]{{0,3}}[CIPHM])"),
    _rule("a camera shows it", _O, 0.80, rf"[CI]D{_NP}{_CRAFT}(?!'?[gxX]{{0,3}}[PCHIN])"),
    _rule("seen by a camera", _O, 0.60, rf"{_CRAFT}g?{_WITH}{{0,5}},?[Vv][bf]t[xX-]{{0,3}}C"),
    # --- of what parts are seen
    _rule("visible", _B, 0.70, rf"{_CRAFT}[^.SRI:z]{{0,6}}?K"),
    _rule("part of it", _B, 0.50, rf"{_CRAFT}'?[gxXO]{{0,3}}?[BM]"),
    _rule("part that has a name", _B, 0.60, r"(?P<s>J)(?<!fJ)(?<!f[ty]J)(?![,xXk]{0,4}a)"),
    _rule("under it", _B, 0.65, rf"u(?<![CI]u)(?<![CI]\)u){_NP}{_CRAFT}(?!'?[gxX]{{0,2}}C)"),
    _rule("a piece of it", _B, 0.60, rf"c(?<![xX]c)o{_NP}{_CRAFT}(?!'?[gxX]{{0,2}}[HPC])"),
    _rule("left of its landing", _B, 0.60, rf"l{_gap(1)}f[tx]?Ho{_NP}{_CRAFT}"),
    _rule("its own part", _B, 0.85, rf"{_CRAFT}[^.SRI:]{{0,14}}?O[xXgA]{{0,2}}?[BM]"),
    _rule("its part", _B, 0.6, rf"{_CRAFT}[^.SRI:]{{0,14}}?y[xXO-]{{0,5}}?[BM]"),
    _rule("sensor seen", _B, 0.60, rf"1{_gap(2)}[ofn]{_NP}{_CRAFT}(?=[^.]{{0,60}}[PvDK])"),
    _rule("of its parts", _B, 0.60, rf"[BM]{_ON_CAMERA}{_gap(2)}[ofn]{_NP}{_CRAFT}"),
    _rule(
        "self-portrait",
        _B,
        0.90,
        r"(?P<s>[SR])[^.SRI:]{0,8}?Z|Z[^.SRI]{0,8}?(?P<t>[SR])",
    ),
    # --- named for another reason
    _rule("future", _E, 0.60, r"F[^.SRIQ,]{0,4}?(?P<s>[SR])|(?P<t>[SR])[^.SRIQ]{0,3}?F"),
    _rule(
        "future of both",
        _E,
        0.60,
        r"(?P<s>[SR])[gtyA'mxX]{0,3}k[gtyA'mxX]{0,5}[SR][^.SRIQ]{0,3}?F",
    ),
    _rule("at another time", _E, 0.80, rf"j[xE]{{0,3}}?[VTv][^.SRI]{{0,10}}?[bwf]{_NP}{_ANY}"),
    _rule("it had done so", _E, 0.80, rf"{_ANY}'?[gCWx,]{{0,3}}?j[xE]{{0,2}}?[VTvD]"),
    _rule("sensor of", _E, 0.80, rf"1{_gap(3)}[no]{_NP}{_CRAFT}(?![^.]{{0,60}}[PvD])"),
    _rule("its sensor", _E, 0.80, rf"{_CRAFT}'?[gxX]{{0,3}}?1(?![^.]{{0,60}}[PvD])"),
    _rule("it had been", _E, 0.80, rf"jE{_NP}{_CRAFT}W"),
    _rule("place of its landing", _E, 0.70, rf"W(?!E)[^.SRIVTP]{{0,5}}?{_CRAFT}"),
    _rule("it is not", _E, 0.60, rf"{_CRAFT}g?Ez"),
    _rule("what is called after it", _E, 0.60, rf"H{_gap(1)}o{_NP}{_CRAFT}"),
    _rule("what is meant for it", _E, 0.60, rf"H6{_NP}{_CRAFT}"),
    _rule(SIMILAR, _E, 0.80, rf"{_ANY}g?[VTe]{{1,2}}Y"),
    _rule("another picture", _E, 0.80, rf"\.tjP[^.]{{0,16}}?b{_NP}{_ANY}"),
    _rule("seen in another picture", _E, 0.80, rf"tE[KvV][nx]{_NP}{_ANY}'?[gxX]{{0,2}}P"),
    _rule("comparison", _E, 0.60, rf"[YN2]o?{_NP}{_CRAFT}"),
)
"""In no order: every rule is asked, and what they say is weighed."""


_ASKED_FOR = frozenset("IM").union(*(rule.needed for rule in RULES))
"""Letters that tell which rules can hold."""


@lru_cache(maxsize=4096)
def _rules_for(letters: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that can hold in a sentence with some of those letters."""
    cameras = not letters.isdisjoint("IM")
    return tuple(rule for rule in RULES if rule.needed <= letters and rule.of_cameras <= cameras)


_ANY_NAME = re.compile("[SRIMJ]")
_OWN_PART = re.compile(
    rf"B{_ON_CAMERA}(?<!S'B)(?<!S'[xX]B)(?<!S'[xX]{{2}}B)(?!'?[gxX]{{0,2}}[HCI])"
)
_NEAR_START = 100


def tells_of_parts(reading: Reading) -> bool:
    """Whether a text tells, near its start, of a wheel, a shadow, a deck, and not of whose."""
    return bool(_OWN_PART.search(reading.code[:_NEAR_START]))


def _differ(reading: Reading, seen: int, agent: int) -> bool:
    """Whether one spacecraft is told of another, and not of itself or its own camera."""
    one, other = reading.mentions[seen], reading.mentions[agent]
    if one.name.is_camera and other.name.is_camera:
        return set(one.slugs).isdisjoint(other.slugs)
    mine = one.carriers if one.name.is_camera else one.slugs
    owners = other.carriers if other.name.is_camera else other.slugs
    return set(owners).isdisjoint(mine)


def cues(reading: Reading) -> Iterator[Cue]:
    """Every sign of grammar in a text."""
    if not reading.mentions:
        return
    code = reading.code
    for start, stop in _with_names(code):
        for rule in _rules_for(_ASKED_FOR.intersection(code[start:stop])):
            for found in rule.pattern.finditer(code, start, stop):
                at = found.start("s")
                if at < 0:
                    at = found.start("t")
                if rule.of_two and not _differ(reading, at, found.start("a")):
                    continue
                yield Cue(
                    rule.role,
                    reading.mentions[at],
                    at,
                    rule.weight,
                    rule.name,
                    found.start(),
                    found.end(),
                )


def _with_names(code: str) -> Iterator[tuple[int, int]]:
    """The sentences that name anybody: no rule reaches beyond one."""
    start = 0
    while start < len(code):
        stop = code.find(".", start)
        stop = len(code) if stop < 0 else stop + 1
        if _ANY_NAME.search(code, start, stop):
            yield max(0, start - 1), stop
        start = stop
