"""The classes of words that captions are made of, read from ``words.toml`` beside this file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from catalogue.texts import word_set


def _read() -> dict[str, str]:
    tables = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    letters: dict[str, str] = {}
    for table in tables.values():
        letter, wins = table.pop("letter"), table.pop("last_wins", False)
        for listed in table.values():
            for word in listed.split():
                if wins or word not in letters:
                    letters[word] = letter
    return letters


CLASS: dict[str, str] = _read()
"""Word, in lower case, to the letter of its class."""

CRAFT_NOUNS: dict[str, frozenset[str]] = {}
"""What a noun may refer to: kinds of the registry."""
for _kinds, _listed in (
    (
        "rover",
        "rover rovers marsrover marsrovers astromobile marswagen jipe robô todoterreno"
        " 探査車 火星车 火星車 巡视器 ローバー 漫遊車 로버"
        " марсоход марсохода марсоходу марсоходе ровер ровера марсохід",
    ),
    ("rover lander", "robot roboter vehicle vehículo véhicule"),
    ("lander", "lander landers landegerät landemodul atterrisseur módulo 着陆器 着陸機"),
    (
        "orbiter",
        "orbiter orbiters orbiteur orbitador 轨道器 环绕器 周回機 satellite satellit"
        " орбитер орбитера",
    ),
    (
        "helicopter",
        "helicopter rotorcraft chopper copter hubschrauber helikopter hélicoptère helicóptero"
        " elicottero 直升机 直升機 ヘリコプター 小型ヘリ"
        " вертолёт вертолет вертолёта вертолета дрон дрона гелікоптер",
    ),
    (
        "orbiter lander flyby telescope",
        "probe spacecraft craft sonde marssonde raumsonde sonda spaceprobe ruimtesonde"
        " 探査機 探测器 探測器 зонд зонда аппарат аппарата",
    ),
    ("flyby", "cubesat"),
    ("telescope", "telescope observatory teleskop télescope telescopio telescópio"),
):
    for _word in _listed.split():
        CRAFT_NOUNS[_word] = frozenset(_kinds.split())

NATIONS = word_set("""
    american british chinese chinas china indian indias india european emirati japanese soviet
    russian наса европейский американский китайский europe's uae emirates nasas us u.s
    """)
"""Whose a spacecraft is, beside the agencies of the registry."""

CAMERA_WORDS: dict[str, tuple[str, ...]] = {
    "navigation camera": (
        "navigation cameras", "nav cam", "navcams", "Navigationskamera", "Navigationskameras",
        "caméra de navigation", "caméras de navigation", "cámara de navegación",
        "cámaras de navegación", "câmera de navegação", "câmeras de navegação",
        "telecamera di navigazione", "fotocamera di navigazione",
        "ナビゲーションカメラ", "导航相机",
    ),
    "front hazard avoidance camera": (
        "front hazcam", "front hazcams", "forward hazcam", "front hazard avoidance cameras",
        "front hazard-identification camera", "front hazard camera", "front hazard cameras",
        "forward hazard camera", "front left hazard avoidance camera",
        "front right hazard avoidance camera", "hazard avoidance camera",
        "front left hazard camera", "front right hazard camera", "front left hazcam",
        "front right hazcam",
        "hazard avoidance cameras", "hazard-avoidance", "hazcam", "hazcams", "hazard cameras",
        "避障相机", "避险相机", "Hinderniskamera", "vordere Hinderniskamera",
        "vorderen Hinderniskamera",
    ),
    "rear hazard avoidance camera": (
        "rear hazcam", "rear hazcams", "rear hazard camera", "rear hazard cameras",
        "rear hazard avoidance cameras",
        "rear left hazard avoidance camera", "rear right hazard avoidance camera",
    ),
    "panoramic camera": (
        "Panoramakamera", "caméra panoramique", "cámara panorámica", "câmera panorâmica",
    ),
    "high resolution stereo camera": (
        "Stereokamera", "hochauflösende Stereokamera", "caméra stéréo haute résolution",
        "cámara estéreo de alta resolución",
    ),
}  # fmt: skip
"""Further forms of the names of cameras that several spacecraft carry, in several languages."""
