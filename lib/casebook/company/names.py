"""Names of firms, people and products from syllable lists: pronounceable, bilingual, and nobody's."""

from __future__ import annotations

import numpy as np

__all__ = ["company_name", "firm_names", "number_codes", "person_names", "scramble"]

#: Uncommon characters with their sound, so that three of them hardly ever make a firm that exists.
SYLLABLES = (
    ("沁", "qin"), ("澜", "lan"), ("泠", "ling"), ("浔", "xun"), ("沅", "yuan"), ("溪", "xi"), ("渺", "miao"),
    ("湄", "mei"), ("漪", "yi"), ("潇", "xiao"), ("澈", "che"), ("瀚", "han"), ("帆", "fan"), ("峤", "qiao"),
    ("屿", "yu"), ("崧", "song"), ("杉", "shan"), ("栩", "xu"), ("桐", "tong"), ("梧", "wu"), ("楠", "nan"),
    ("槿", "jin"), ("樾", "yue"), ("橘", "ju"), ("烨", "ye"), ("琅", "lang"), ("琮", "cong"), ("璟", "jing"),
    ("砚", "yan"), ("稷", "ji"), ("筠", "yun"), ("篁", "huang"), ("苇", "wei"), ("荻", "di"), ("蓁", "zhen"),
    ("泊", "bo"), ("黛", "dai"), ("荷", "he"), ("珂", "ke"), ("苒", "ran"),
)  # fmt: skip
SURNAMES = (
    ("白", "Bai"), ("常", "Chang"), ("段", "Duan"), ("樊", "Fan"), ("葛", "Ge"), ("洪", "Hong"), ("季", "Ji"),
    ("康", "Kang"), ("龙", "Long"), ("毛", "Mao"), ("倪", "Ni"), ("潘", "Pan"), ("齐", "Qi"), ("阮", "Ruan"),
    ("施", "Shi"), ("童", "Tong"), ("温", "Wen"), ("向", "Xiang"), ("严", "Yan"), ("翟", "Zhai"),
)  # fmt: skip
#: What a firm does, as the last part of its name.
TRADES = {
    "water_equipment": ("水设备", "Water Equipment"), "building_materials": ("建材", "Building Materials"),
    "appliances": ("电器", "Appliances"), "appliance_store": ("家电", "Appliance Store"),
    "home_improvement": ("家居", "Home Improvement"), "supermarket": ("超市", "Supermarket"),
    "online_shop": ("网店", "Online Shop"), "hotel": ("酒店", "Hotel"), "school": ("学校", "School"),
    "hospital": ("医院", "Hospital"), "office": ("写字楼", "Office Tower"),
    "restaurant": ("餐饮", "Restaurant"),
}  # fmt: skip
PRIME = 99_999_989  #: below 100 million


def scramble(index: np.ndarray, rng: np.random.Generator, prime: int = PRIME) -> np.ndarray:
    """Turn 0, 1, 2, … into numbers below a prime without visible order, no two the same.

    Shift, cube, multiply, all modulo the prime: each step can be undone when prime - 1 is no multiple of 3.

    >>> codes = scramble(np.arange(1000), np.random.default_rng(1))
    >>> len(set(codes.tolist()))
    1000
    """
    factor, shift = (int(v) for v in rng.integers(1, prime, size=2))
    moved = (index.astype("int64") + shift) % prime
    return moved * moved % prime * moved % prime * factor % prime


def number_codes(index: np.ndarray, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Telephone and tax numbers, each only once; neither can be a real one.

    >>> phones, taxes = number_codes(np.arange(2), np.random.default_rng(1))
    >>> phones[0][:4], len(taxes[0])
    ('000-', 18)
    """
    phone, tax = scramble(index, rng), scramble(index, rng)
    return [f"000-{p // 10000:04d}-{p % 10000:04d}" for p in phone], [
        f"00{91 * 10**14 + t:016d}" for t in tax
    ]


def firm_names(
    index: np.ndarray, industry: np.ndarray, rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Name firms in Chinese and Latin letters: three syllables and the trade, all different up to 63,977.

    >>> firm_names(np.array([0]), np.array(["hotel"]), np.random.default_rng(3))[1][0].endswith(" Hotel")
    True
    """
    size = len(SYLLABLES)
    number = scramble(index, rng, 63_977)  # a prime below 40 x 40 x 40
    parts = [[SYLLABLES[n // size**k % size] for k in (2, 1, 0)] for n in number]
    zh = ["".join(p[0] for p in ps) + TRADES[i][0] for ps, i in zip(parts, industry, strict=True)]
    en = [
        "".join(p[1] for p in ps).capitalize() + " " + TRADES[i][1]
        for ps, i in zip(parts, industry, strict=True)
    ]
    return zh, en


def person_names(index: np.ndarray, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Name people in Chinese and Latin letters: a surname and two syllables.

    >>> len(person_names(np.arange(3), np.random.default_rng(3))[0])
    3
    """
    size = len(SYLLABLES)
    number = scramble(index, rng, 31_991)  # a prime below 20 x 40 x 40
    parts = [
        (SURNAMES[n // size**2 % len(SURNAMES)], SYLLABLES[n // size % size], SYLLABLES[n % size])
        for n in number
    ]
    zh = [family[0] + first[0] + second[0] for family, first, second in parts]
    en = [f"{family[1]} {(first[1] + second[1]).capitalize()}" for family, first, second in parts]
    return zh, en


def company_name(rng: np.random.Generator) -> tuple[str, str]:
    """Name a sister company, in Chinese and in Latin letters.

    >>> company_name(np.random.default_rng(5))[1].endswith("Water Equipment Co., Ltd.")
    True
    """
    first, second = (SYLLABLES[int(i)] for i in rng.choice(len(SYLLABLES), size=2, replace=False))
    zh = f"{first[0]}{second[0]}净水设备有限公司"
    return zh, f"{(first[1] + second[1]).capitalize()} Water Equipment Co., Ltd."
