"""What names tell, mission by mission; the names are made after the grammars."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.identify import identify

PERSEVERANCE: dict[str, dict[str, Any]] = {
    # left Navcam, colour, sol 250, full version
    "NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J02": {
        "instrument": "m2020-navcam", "sol": 250, "eye": "left", "thumbnail": False,
        "sclk": 689131600, "sclk_ms": 412, "color_or_filter": "F", "product_type": "ECM",
        "site": "012", "drive": "0340", "sequence": "NCAM03250", "camera_specific": "_07_",
        "downsample": "1", "compression": "95", "producer": "J", "version": 2,
    },
    "NRB_0250_0689131600_412ECM_T0120340NCAM03250_07_4I3J01": {
        "instrument": "m2020-navcam", "eye": "right", "thumbnail": True, "compression": "I3",
    },
    "NL__0250_0689131600_412XYZLN0120340NCAM03250_07_195J02": {
        "instrument": "m2020-navcam", "color_or_filter": "_", "linearized": True,
        "product_type": "XYZ",
    },
    "BRF_0250_0689131600_412ECM_N0120340FHAZ00215_07_195J02": {
        "instrument": "m2020-front-hazcam", "eye": "right",
    },
    "RLE_0250_0689131600_412ECM_N0120340RHAZ00215_07_0LLJ02": {
        "instrument": "m2020-rear-hazcam", "eye": "left",
    },
    "ZR7_0250_0689131600_412IOF_N0120340ZCAM05025_0630LMA03": {
        "instrument": "m2020-mastcam-z", "eye": "right", "focal_length_mm": 63, "producer": "A",
        "color_or_filter": "7",
    },
    "LRE_0250_0689131600_412ECM_N0120340SCAM01250_0100I6J01": {
        "instrument": "m2020-supercam-rmi",
    },
    "SC0_0250_0689131600_412EDR_N0120340SRLC00250_0000LMJ01": {"instrument": "m2020-sherloc-aci"},
    "PCW_0250_0689131600_412ECM_N0120340PIXL00250_0000LMJ01": {"instrument": "m2020-pixl-mcc"},
    "CCF_0250_0689131600_412ECM_N0120340CACH00250_0000LMJ01": {"instrument": "m2020-cachecam"},
    "ECV_0000_0666952980_004ECV_N0010052EDLC00001_0010LUJ01": {
        "instrument": "m2020-edl-parachute-uplook", "eye": "C", "sol": 0,
    },
    "EDF_0000_0666952980_004ECV_N0010052EDLC00001_0010LUJ01": {
        "instrument": "m2020-edl-rover-downlook",
    },
    "ESF_0000_0666952980_004ECV_N0010052EDLC00001_0010LUJ01": {
        "instrument": "m2020-edl-descent-stage-downlook",
    },
    "ELM_0000_0666952774_005ECV_N0010052EDLC00001_0010LUJ01": {"instrument": "m2020-lcam"},
    "ELM_0000_0666952801_200FDR_N0000008LVS_04000_0000LUJ01": {"instrument": "m2020-lcam"},
    "NGF_0250_0689131600_412RAD_N0120340NCAM03250_07_195J02": {
        "instrument": "m2020-navcam", "eye": "both",
    },
}  # fmt: skip
INGENUITY = {
    "HNM_0250_0689131600_412ECM_N0120340HELI00250_0000LUJ01": {
        "instrument": "ingenuity-navcam", "sol": 250,
        "lid": "urn:nasa:pds:mars2020_helicam:data:"
        "hnm_0250_0689131600_412ecm_n0120340heli00250_0000luj",
    },
    "HSF_0250_0689131600_412ECM_N0120340HELI00250_000085J01": {"instrument": "ingenuity-rte"},
}  # fmt: skip
CURIOSITY: dict[str, dict[str, Any]] = {
    "FRA_400000999EDR_D0030104FHAZ00211M_": {
        "instrument": "msl-front-hazcam", "eye": "right", "computer": "A", "thumbnail": False,
        "sample_type": "D", "site": "003", "drive": "0104", "sequence": "FHAZ00211",
        "sclk": 400000999, "linearized": False, "version": "_", "sol": 28,
    },
    "NLB_559960000RADLT0650104NCAM00211M1": {
        "instrument": "msl-navcam", "eye": "left", "thumbnail": True, "linearized": True,
        "product_type": "RAD", "version": "1", "sol": 1830,
    },
    "RRB_559960000EDR_F0650104AUT_04096M_": {"instrument": "msl-rear-hazcam", "eye": "right"},
    "CR0_559960000EDR_F0650104CCAM02830M_": {
        "instrument": "msl-chemcam-rmi", "sclk": 559960000, "site": "065", "sol": 1830,
    },
    "1830ML0095990080703215C00_XXXX": {
        "instrument": "msl-mastcam", "eye": "left", "sol": 1830, "sequence": "009599",
        "command": "008", "cdpid_counter": "07", "cdpid": "03215", "product_code": "C", "gop": "0",
        "version": "0", "processing": "XXXX", "thumbnail": False,
    },
    "1830MR0095990080703215G01_DXXX": {"instrument": "msl-mastcam", "eye": "right",
                                       "thumbnail": True},
    "1830MH0005990080703215R00_DRCX": {"instrument": "msl-mahli", "thumbnail": False},
    "1830MH0005990080703215U00": {"instrument": "msl-mahli", "thumbnail": True},
    "0000MD0000000080703215O01_DXXX": {"instrument": "msl-mardi", "thumbnail": True, "sol": 0},
    "0002MR0000002000C0_DXXX": {"instrument": "msl-mastcam", "eye": "right", "sol": 2},
}  # fmt: skip
SPIRIT: dict[str, dict[str, Any]] = {
    "2P150000000EFF70AZP2411R3M1": {
        "instrument": "mer-pancam", "eye": "right", "filter": "3", "site": "70", "drive": "AZ",
        "sequence": "P2411", "product_type": "EFF", "thumbnail": False, "sclk": 150000000,
        "sol": 266,
    },
    "2M150000000ESF70AZP2936M2F1": {"instrument": "mer-mi", "eye": "mono", "producer": "F"},
    "2E126461999EDN0000F0006N0M1": {"instrument": "mer-descam", "eye": "n/a", "sol": 1},
    "2NN266ILF70CYL00P1652L000M2": {"instrument": "mer-navcam", "projection": "CYL"},
}  # fmt: skip
OPPORTUNITY: dict[str, dict[str, Any]] = {
    "1N150000000ETH2200P1861L0M1": {
        "instrument": "mer-navcam", "eye": "left", "thumbnail": True, "sol": 246,
    },
    "1F150000000EDN2200P1211R0M1": {"instrument": "mer-front-hazcam", "eye": "right"},
    "1R150000000EFF2200P1311L0M1": {"instrument": "mer-rear-hazcam", "eye": "left"},
}  # fmt: skip
INSIGHT = {
    "D004L0120_607150100EDR_F0101_0120M_": {
        "instrument": "insight-idc", "sol": 120, "sclk": 607150100, "product_type": "EDR",
    },
    "C000M0120_607150100EDR_F0000_0120M1": {"instrument": "insight-icc", "version": "1"},
}  # fmt: skip
PHOENIX = {
    "SS050EFF900650000_15A20L2M1": {
        "instrument": "phx-ssi", "sol": 50, "sclk": 900650000, "eye_or_channel": "L",
        "eye": "left", "filter": "2", "producer": "M", "version": "1",
    },
    "RS050EFF900650000_15A20MRM1": {"instrument": "phx-rac", "filter": "R"},
    "OS050EFF900650000_15A20MBM1": {"instrument": "phx-om"},
}  # fmt: skip
PATHFINDER = {
    "IMP_EDR-1248000123-REGULAR-0164070011": {
        "instrument": "mpf-imp", "sclk": 1248000123, "frame_type": "REGULAR", "sequence": "0164",
    },
    "I300123L": {"instrument": "mpf-imp", "eye": "left", "sclk_low6": "300123"},
}  # fmt: skip
SOJOURNER = {
    "RVR_EDR-1248000123-N021043-RIGHT": {
        "instrument": "mpf-rover-camera", "sclk": 1248000123, "eye": "right",
    },
    "R8000123": {"instrument": "mpf-rover-camera", "sclk_low7": "8000123"},
}  # fmt: skip
VIKING_1_ORBITER = {
    "039A13": {"instrument": "vo-vis", "camera": "VIS-A", "revolution": 39, "frame": 13},
    "F826A58": {"camera": "VIS-B", "revolution": 826, "frame": 58},
}
VIKING_2_ORBITER = {"011B40": {"instrument": "vo-vis", "camera": "VIS-B", "revolution": 11}}
VIKING_1_LANDER = {
    "12C145-BB2": {"instrument": "vl-camera", "camera": 2, "event": "C145", "diode": "BB2"},
    "11B021-RED": {"camera": 1, "diode": "RED"},
}
VIKING_2_LANDER = {"21D033-IR1": {"instrument": "vl-camera", "camera": 1, "event": "D033"}}
MRO: dict[str, dict[str, Any]] = {
    "PSP_003400_2005_RED": {
        "instrument": "mro-hirise", "phase": "PSP", "orbit": 3400, "target_code": "2005",
        "latitude": 20.5, "off_planet": False, "product": "RED",
    },
    "ESP_060000_0300": {"latitude": -30.0, "off_planet": False},
    "ESP_060000_3100_COLOR": {"latitude": 50.0, "product": "COLOR"},
    "ESP_060000_9025": {"off_planet": True, "latitude": None},
    "TRA_000900_2700_IR10_1": {"latitude": 90.0, "product": "IR10_1"},
    "DTEED_060000_2005_060100_2005_A01": {
        "instrument": "mro-hirise", "orbits": (60000, 60100), "producer_code": "A",
    },
    "P05_003000_2005_XI_20N044W": {
        "instrument": "mro-ctx", "orbit": 3000, "latitude": 20, "longitude_west": 44, "mode": "XI",
        "volume_phase": "P05",
    },
    "K05_056000_0950_MC_00N310W": {"instrument": "mro-marci", "latitude": 0},
    "CRU_000002_9999_XN_99N999W": {"instrument": "mro-ctx", "off_planet": True, "latitude": None},
    "HRL0000C0BA_07_IF183L_TRR3": {
        "instrument": "mro-crism", "observation_class": "HRL", "observation_id": "0000C0BA",
        "counter": "07", "activity": "IF183", "sensor": "L", "product_type": "TRR", "version": "3",
    },
    "FRT0000A09C": {"instrument": "mro-crism", "observation_id": "0000A09C"},
}  # fmt: skip
ODYSSEY = {
    "V12345006RDR": {
        "instrument": "ody-themis", "band": "visible", "orbit": 12345, "image_number": 6,
        "product_type": "RDR",
    },
    "I09876012": {"band": "infrared", "orbit": 9876, "image_number": 12},
}  # fmt: skip
MGS = {
    "E1201234": {"instrument": "mgs-moc", "subphase": "E12", "image_number": "01234"},
    "S05/00345": {"subphase": "S05", "image_number": "00345"},
    "SP243004": {"subphase": "SP2", "orbit": 430, "image_number": "04"},
    "SPO-2-430/04": {"subphase": "SP2", "orbit": 430, "image_number": "04"},
}
MARS_EXPRESS: dict[str, dict[str, Any]] = {
    "h1234_0009_nd3": {
        "instrument": "mex-hrsc", "orbit": 1234, "frame_counter": "0009", "channel": "nadir",
        "level": 3,
    },
    "hb012_0000_s12": {"orbit": 11012, "channel": "stereo 1"},
    "h9999_0001_sr2": {"instrument": "mex-src", "channel": "SRC"},
    "vmc_se_190702_041500_017": {
        "instrument": "mex-vmc", "date_utc": "2019-07-02", "time_utc": "04:15:00",
    },
}  # fmt: skip
TGO: dict[str, dict[str, Any]] = {
    "MY36_020001_165_0": {
        "instrument": "tgo-cassis", "mars_year": 36, "orbit": 20001, "orbit_phase": 165,
        "image_type": "single",
    },
    "MY35_010203_004_2_NIR": {"image_type": "stereo 2", "filter": "NIR"},
    "CAS-MTP-2018-05-03T02.31.44.007-PAN-02001-B1": {
        "date_utc": "2018-05-03", "time_utc": "02:31:44.007", "filter": "PAN",
    },
    "cas_raw_sc_20200718T112233": {"date_utc": "2020-07-18"},
}  # fmt: skip
PHOTOJOURNAL: dict[str, dict[str, Any]] = {
    "PIA10101": {"kind": "photojournal", "number": 10101},
    "PIA10101_fig2": {"number": 10101, "figure": "2"},
}

MISSIONS: dict[str | None, dict[str, dict[str, Any]]] = {
    "perseverance": PERSEVERANCE,
    "ingenuity": INGENUITY,
    "curiosity": CURIOSITY,
    "spirit": SPIRIT,
    "opportunity": OPPORTUNITY,
    "insight": INSIGHT,
    "phoenix": PHOENIX,
    "pathfinder": PATHFINDER,
    "sojourner": SOJOURNER,
    "viking-1-orbiter": VIKING_1_ORBITER,
    "viking-2-orbiter": VIKING_2_ORBITER,
    "viking-1-lander": VIKING_1_LANDER,
    "viking-2-lander": VIKING_2_LANDER,
    "mro": MRO,
    "mars-odyssey": ODYSSEY,
    "mgs": MGS,
    "mars-express": MARS_EXPRESS,
    "tgo": TGO,
    None: PHOTOJOURNAL,
}
CASES = [
    (craft, name, expected) for craft, table in MISSIONS.items() for name, expected in table.items()
]


@pytest.mark.parametrize(("craft", "name", "expected"), CASES, ids=[name for _, name, _ in CASES])
def test_a_name_tells_its_craft_and_camera_and_fields(
    craft: str | None, name: str, expected: dict[str, Any]
) -> None:
    identity = identify(name)

    assert identity is not None
    assert identity.spacecraft == craft
    told = {"instrument": identity.instrument, "sol": identity.sol, **identity.fields}
    assert {field: told.get(field) for field in expected} == expected


@pytest.mark.parametrize(("craft", "name"), [(craft, name) for craft, name, _ in CASES])
def test_the_identifier_of_an_identifier_is_itself(craft: str | None, name: str) -> None:
    """What is read is spelt so that reading it again gives the same."""
    first = identify(name)
    assert first is not None
    assert first.product_id is not None

    again = identify(first.product_id)

    assert again is not None
    assert (again.product_id, again.spacecraft) == (first.product_id, craft)


WEB_FORMS = (
    "https://example.org/uploads/2024/05/{lower}-1024x768.jpg",
    "https://example.org/files/{name}.png?w=300&h=200#top",
    "C:\\pictures\\{name}.IMG",
    "/mnt/archive/data/{lower}.lbl",
    "Mars_Rover_{name}_1200.jpg",
    "copy2_{name}~orig.jpg",
    "{hyphens}-scaled.jpg",
    "{hyphens}-e1612345678.jpg",
    "{name}_hires.tif",
    "https://example.org/_next/image?url=https%3A%2F%2Fcdn.example%2F{name}.jpg&w=640",
)
UNMISTAKABLE = [
    next(iter(PERSEVERANCE)), next(iter(INGENUITY)), *list(CURIOSITY)[:6], next(iter(SPIRIT)),
    next(iter(OPPORTUNITY)), next(iter(INSIGHT)), next(iter(PHOENIX)), next(iter(PATHFINDER)),
    next(iter(SOJOURNER)), next(iter(VIKING_1_LANDER)), *list(MRO)[:10], next(iter(ODYSSEY)),
    *MARS_EXPRESS, *TGO, "PIA10101",
]  # fmt: skip


@pytest.mark.parametrize("form", WEB_FORMS)
@pytest.mark.parametrize("name", UNMISTAKABLE)
def test_the_web_s_tails_case_and_hyphens_do_not_matter(name: str, form: str) -> None:
    plain = identify(name)
    assert plain is not None

    lower = name.lower()
    found = identify(form.format(name=name, lower=lower, hyphens=lower.replace("_", "-")))

    assert found is not None
    assert (found.spacecraft, found.instrument, found.product_id) == (
        plain.spacecraft, plain.instrument, plain.product_id,
    )  # fmt: skip


def test_original_and_label_addresses_follow_the_archive_s_convention() -> None:
    def fields(name: str) -> dict[str, Any]:
        identity = identify(name)
        assert identity is not None
        return identity.fields

    hirise = fields("ESP_054321_1755")
    folder = "https://hirise-pds.lpl.arizona.edu/PDS/RDR/ESP/ORB_054300_054399/ESP_054321_1755"
    assert hirise["original_url"] == f"{folder}/ESP_054321_1755_RED.JP2"
    assert hirise["label_url"] == f"{folder}/ESP_054321_1755_RED.LBL"
    assert fields("NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J02")["original_url"] == (
        "https://mars.nasa.gov/mars2020-raw-images/pub/ods/surface/sol/00250/ids/edr/browse/ncam/"
        "NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J02.png"
    )
    assert fields("1830MH0005990080703215C00_DXXX")["original_url"] == (
        "https://mars.nasa.gov/msl-raw-images/msss/01830/mhli/1830MH0005990080703215C00_DXXX.jpg"
    )
    assert fields("NRB_559960000EDR_F0650104NCAM00211M_")["original_url"] == (
        "https://mars.nasa.gov/msl-raw-images/proj/msl/redops/ods/surface/sol/01830/opgs/edr/ncam/"
        "NRB_559960000EDR_F0650104NCAM00211M_.JPG"
    )
    assert fields("1P129079999EFF0224P2537R7M1")["original_url"] == (
        "https://mars.nasa.gov/mer/gallery/all/1/p/010/1P129079999EFF0224P2537R7M1-BR.JPG"
    )
    assert fields("PIA10101")["page_url"] == "https://photojournal.jpl.nasa.gov/catalog/PIA10101"


def test_without_a_version_the_address_of_the_file_is_not_guessed() -> None:
    identity = identify("NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J")

    assert identity is not None
    assert "original_url" not in identity.fields
    assert identity.fields["image_id"] == "NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J"
