"""Names that look like identifiers and are none: nothing is claimed."""

# ruff: noqa: E501 - lists of names

from __future__ import annotations

import hashlib
import random
import string
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.identify import find_identities, identify

CAMERA_NAMES = (
    "IMG_1234.JPG", "IMG_0613.HEIC", "IMG_20221019_173009.jpg", "DSC_0042.NEF", "DSC01234.jpg",
    "P1010234.JPG", "R0012345.JPG", "R1201345.JPG", "S0401234.jpg", "M0101234.JPG", "GOPR0042.MP4",
    "PXL_20230315_184201234.jpg", "VID_20220101_101010.mp4", "DJI_0012.jpg", "100_0012.JPG",
    "Screenshot_20240101-101010.png", "Screen-Shot-2021-02-18-at-3.55.00-PM.png",
    "WhatsApp-Image-2022-10-19-at-17.09.33.jpeg", "20210218_205500.jpg", "V20210218.mp4",
    "V20211015", "I20101015",
)  # fmt: skip
HASHES = (
    "0af3c2d1", "d41d8cd98f00b204e9800998ecf8427e", "ab102401-1234-4abc-9def-0123456789ab",
    "e2300745-0000-4000-8000-000000000000.png", "f541b17.js", "a1b2c3d4e5f6.jpg", "045a31",
    "045a31.png", "036A71.jpg", "#045A31", "style.541b17.css", "app-f541b17a.js",
    "sha256-0123456789abcdef", "m0701234-9f3c.jpg", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPBdG",
)  # fmt: skip
OTHER_ARCHIVES = (
    "KSC-2020-PH-KLS01_0042", "NHQ202102180010", "GSFC_20171208_Archive_e000123", "jsc2017e012345",
    "S75-31690", "AS11-40-5874", "iss064e012345", "W00012345_1.IMG", "N1234567890_1.IMG",
    "C2684338", "E4I0017", "s0349632000", "MVIC_0123456", "lor_0299124574_0x630_sci_3.fit",
    "LVS155156.jpg", "M1136364148LE", "AS15-M-1234", "JNCE_2021159_34C00001_V01", "mc0_0299174424",
    "heic0602a", "eso1907a", "opo0301a", "STScI-01G8GZR18CH1Z2KZ6Z4WZZ9Z9Z", "hst_12345_01_wfc3",
    "PIA4321", "PIA123456", "PIA00000", "xPIA12345", "KPIA12345.jpg", "CL5_398380569EDR_F0030000CCAM04010M1",
)  # fmt: skip
MADE_UP = (
    "NLF_0830MR0095990080703215C00_DXXX",  # two missions in one
    "01830ML0095990080703215C00_DXXX",  # five digits of sol
    "RRB_500000000EDR_F0000000RHAZ00211M_",  # site 0
    "NLF_0250_0999999999_412ECM_N0120340NCAM03250_07_195J02",  # clock and sol disagree
    "NLF_0100_0000000100_412ECM_N0120340NCAM03250_07_195J02",
    "1N126380785EFF0000P0531L0M1",  # before Opportunity landed
    "2P500000000EFF0000P0531L0M1",  # long after Spirit fell silent
    "2P150000000EFF70AZP2411M3M1",  # the microscope's eye on the Pancam
    "D004L0120_700000000EDR_F0101_0120M_",  # clock and sol disagree
    "D004L0010_500000000EDR_G0101_0120M_",  # a test on the ground
    "SS050EFF100000000_15A20L2M1", "SS300EFF922842456_15A20L2M1",
    "ESP_060000_1722", "ESP_060000_5000", "PSP_060000_1720", "ESP_000100_1720", "ESP_06000_1720",
    "P05_003000_2005_XI_95N044W", "P05_003000_2005_XI_20N444W", "P05_003000_2005_ZZ_20N044W",
    "FRT0000A09G_07_IF183S_TRR3", "MY36_020001_400", "MY12_020001_165", "541B17x", "x541B17",
    "707B01", "32C145-BB2", "vmc_se_191302_041500_017", "vmc_se_190702_256100_017",
    "CAS-MCO-2018-13-03T02.31.44.007-PAN-02001-B1", "h1234_0009_xx3", "h265_0001_film",
    "V12345906", "V12345", "V12345006XYZ", "IMP_EDR-0001000123-REGULAR-0164070011",
)  # fmt: skip
ORDINARY = (
    "", " ", "-", ".", "/", "mars.jpg", "perseverance-rover-selfie.jpg", "2021-02-18", "v1.2.3",
    "1024x768", "12345678", "0123456789", "https://www.nasa.gov/mission/mars-2020-perseverance/",
    "https://example.org/2021/02/18/perseverance-lands-1024x576.jpg", "V6-motor-12345006.jpg",
    "https://example.org/?p=12345678&v=20210218", "esp32-wroom-123456.png", "psp-go-012345.jpg",
    "invoice-R1201346.pdf", "sku-12A345-RED.jpg", "00-12C145.jpg", "PSP_1234", "ISBN 978-3-16-148410-0",
    "+1-202-555-0143", "A4-M07/01234.html", "M0701234.jpg", "I300123L.jpg", "V12345006.jpg",
    "Mars_Express_2004.jpg", "h1234.html", "MY2021_prices.xlsx", "room-M0701234-b.jpg",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [*CAMERA_NAMES, *HASHES, *OTHER_ARCHIVES, *MADE_UP, *ORDINARY], ids=repr
)
def test_what_is_no_identifier_is_none(name: str) -> None:
    assert identify(name) is None


PROSE = (
    "Spirit and Opportunity landed in 2004; model V12345006 of the pump was sold 12345 times.",
    "Order R1201345, room M07/01234, paint 541B17, flight I300123L.",
    "Commit f541b17 mends the build on 2021-02-18 at 20:55:00.",
    "The democracy index (E1201234) and the mock-up M0701234 were shown.",
    "Beethoven's Op. 110, K. 304/300c; ISO 8601; RFC 9110, section 8.8.",
    "Call +49 30 123456 or write to SP243004, box 10101.",
)


@pytest.mark.parametrize("text", PROSE)
def test_prose_without_identifiers_has_none(text: str) -> None:
    assert list(find_identities(text)) == []


def test_random_names_claim_nothing() -> None:
    """As files of the web are called; ``001A01`` by itself is a name that an archive gave.

    From a fixed seed: a search that is guided by the program would find its grammars in the end.
    """
    numbers = random.Random(11)
    alphabets = (
        string.ascii_uppercase + string.digits,
        string.ascii_letters + string.digits + "_-./",
        string.digits + "_-",
        string.hexdigits,
        "EPSMVIRHFC_0123456789",
    )
    for _ in range(4000):
        for alphabet in alphabets:
            name = "".join(numbers.choices(alphabet, k=numbers.randint(1, 60)))
            assert identify(f"{name}.jpg") is None, name


def test_hashes_and_uuids_claim_nothing() -> None:
    numbers = random.Random(7)
    for _ in range(3000):
        data = numbers.randbytes(32)
        for name in (
            f"{hashlib.sha256(data).hexdigest()}.jpg",
            f"{hashlib.md5(data, usedforsecurity=False).hexdigest()}",
            f"{uuid.UUID(bytes=data[:16], version=4)}.png",
            f"photo-{data[:4].hex()}.jpg",
            f"https://cdn.example/{data[:2].hex()}/{data[2:10].hex()}-1024x768.webp",
        ):
            assert identify(name) is None, name


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_error(text: str) -> None:
    identity = identify(text)
    assert identity is None or identity.text in text
    assert all(one.text in text for one in find_identities(text))
