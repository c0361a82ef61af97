"""Checks of lesson 08, composition and ratios. Every answer is worked out here and now; none is stored."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

import casebook
from casebook import composition as com
from casebook.company import sales_lines
from casebook.course.checks import Check, Mistake
from casebook.course.kinds import Choice, Labels, Mapped, Number

__all__ = ["CHECKS"]

# The lesson's tables, worked out as the lesson does ------------------------------------------------------

_HAND = pd.DataFrame(
    {
        "product": ["Kettle", "Jug", "Tap"],
        "sales": [400, 600, 1000],
        "cost": [300, 480, 900],
        "stock": [100, 200, 125],
    }
)
_FOUR = pd.DataFrame(
    {
        "orders_12m": [1, 40, 9, 12],
        "margin": [500, 90_000, 6_000, 8_000],
        "growth": [None, 0.0, 0.30, 0.0],
        "wallet": [0.1, 0.6, 0.3, 0.3],
    }
)
_PHONES = ["00012345678", "00087654321", "00012345678", None]
_OLD, _NEW, _SPEND = (40, 150), (50, 144), 24_000  # pieces and price of two years; all its purchases


@cache
def _lines() -> pd.DataFrame:
    """Sales lines of three years, with the family of the product."""
    families = casebook.load("products").set_index("sku")["family"]
    lines = sales_lines()
    return lines.assign(family=lines["sku"].map(families))


@cache
def _year() -> pd.DataFrame:
    return _lines()[_lines()["date"].dt.year == 2024]


@cache
def _accessories() -> pd.DataFrame:
    """The lines of 2024 of the three accessories that earn money, with the money before discount."""
    lines = casebook.load("order_lines")
    days = casebook.load("orders").set_index("order_id")["date"]
    three = lines[(lines["order_id"].map(days).dt.year == 2024) & lines["sku"].isin(["A02", "A03", "A04"])]
    paid = (three["qty"] * three["unit_price"]).round(2)
    return three.assign(paid=paid, before=paid / (1 - three["discount_pct"]))


# Answers, right and wrong ---------------------------------------------------------------------------------


def _hand() -> pd.DataFrame:
    return com.four_ratios(_HAND, "product", sold="sales").set_index("product")


def _of(product: str, column: str) -> float:
    return float(_hand()[column].loc[product])


def _best(column: str) -> str:
    return str(_hand()[column].idxmax())


def _one_customer(**change: float) -> dict[str, float]:
    row = pd.DataFrame({"q0": [_OLD[0]], "p0": [_OLD[1]], "q1": [_NEW[0]], "p1": [_NEW[1]]})
    parts = com.price_volume(row).iloc[0]
    before, now = _OLD[0] * _OLD[1], _NEW[0] * _NEW[1]
    right = {"price": float(parts["price_effect"]), "volume": float(parts["volume_effect"])}
    return {**right, "growth": now / before - 1, "wallet": now / _SPEND, **change}


def _classes(**options: Any) -> list[str]:
    return com.managerial_class(_FOUR, **options)["managerial_class"].tolist()


def _mix(region: str = "W", family: str = "commercial", column: str = "index") -> float:
    regions = casebook.load("customers").set_index("customer_id")["region_id"]
    table = com.mix(_year().assign(region=_year()["customer_id"].map(regions)), "region", "family", "amount")
    return float(table.set_index(["region", "family"])[column].loc[(region, family)])


def _region_of_family() -> float:
    """The share of the West in the sales of commercial units: the other way round."""
    regions = casebook.load("customers").set_index("customer_id")["region_id"]
    units = _year()[_year()["family"] == "commercial"]
    west = units["customer_id"].map(regions) == "W"
    return float(units.loc[west, "amount"].sum() / units["amount"].sum())


def _scored(nature: str = "individual", order: str | None = "order_id") -> pd.DataFrame:
    people = casebook.load("customers").query(f"nature {nature}")["customer_id"]
    lines = _lines()[_lines()["customer_id"].isin(people)]
    return com.rfm(lines, "customer_id", "date", "amount", as_of="2024-12-31", order=order)


def _homes(**options: Any) -> int:
    return int((_scored("== 'individual'", **options)["rfm"] == "555").sum())


def _homes_by_rank() -> int:
    """Fifths by rank, as in the first books: equal customers are parted by their place in the file."""
    table = _scored("== 'individual'")
    columns = {"days_since_last": False, "frequency": True, "monetary": True}
    fifth = [
        pd.qcut(table[name].rank(method="first", ascending=up), 5, labels=False)
        for name, up in columns.items()
    ]
    return int(sum((a, b, c) == (4, 4, 4) for a, b, c in zip(*fifth, strict=True)))


def _homes_upside_down() -> int:
    table = _scored("== 'individual'")
    return int(((table["r"] == 1) & (table["f"] == 5) & (table["m"] == 5)).sum())


def _cap(most: float = 0.05) -> float:
    """What a cap of the discount would have brought, line by line."""
    table = _accessories()
    capped = table["paid"].where(table["discount_pct"] <= most, table["before"] * (1 - most))
    return float((capped - table["paid"]).sum())


def _cap_everyone() -> float:
    """Everybody at the cap, also those who had no discount."""
    return float((_accessories()["before"] * 0.95 - _accessories()["paid"]).sum())


def _discount() -> float:
    return float((_accessories()["before"] - _accessories()["paid"]).sum())


def _phones(**change: float) -> dict[str, float]:
    row = com.dq_report(pd.DataFrame({"phone": _PHONES})).iloc[0]
    right = {"completeness": float(row["completeness"]), "uniqueness": float(row["uniqueness"])}
    return {**right, **change}


CHECKS = (
    Check(
        "08.tap_cross",
        kind=Number(tolerance=0.0051),
        right=lambda: _of("Tap", "cross_ratio"),
        mistakes=(
            Mistake(
                lambda: _of("Kettle", "cross_ratio"),
                "That is the cross ratio of Kettle, worked out above. Take the row of Tap.",
            ),
            Mistake(
                lambda: _of("Tap", "turnover_ratio"),
                "That is the turnover ratio alone. What is left of each RMB sold?",
            ),
            Mistake(
                lambda: _of("Tap", "margin_rate"),
                "That is the margin rate alone. How often is the stock sold?",
            ),
            Mistake(
                lambda: 100 / 900 * 8,
                "You took the margin on cost. The margin rate here is a share of sales.",
            ),
            Mistake(
                lambda: _of("Tap", "contribution_cross"),
                "That is the contribution ratio, already weighed by the share of sales. Stop a step earlier.",
            ),
        ),
        look="Two fractions from the row of Tap: margin over sales, and sales over stock. Multiply them.",
        praise="A thin margin, sold often.",
    ),
    Check(
        "08.rival_best",
        kind=Choice(tuple(_HAND["product"])),
        right=lambda: _best("contribution_margin"),
        mistakes=(
            Mistake(
                lambda: _best("contribution_cross"),
                "That is the best by the other definition, which multiplies the *cross ratio* by the share.",
            ),
            Mistake(
                lambda: _best("margin_rate"),
                "That one has the best margin rate. Multiply each rate by the share of sales first.",
            ),
        ),
        look="Three products of two numbers: margin rate, and share of the 2,000 sold.",
        praise="By this definition a product contributes its margin in money. The speed is gone.",
    ),
    Check(
        "08.one_customer",
        kind=Mapped("the four figures", tolerance=0.0051),
        right=_one_customer,
        mistakes=(
            Mistake(
                lambda: _one_customer(
                    price=(_NEW[1] - _OLD[1]) * _OLD[0], volume=(_NEW[0] - _OLD[0]) * _NEW[1]
                ),
                "You took old pieces for the price and the new price for the volume: the other way round.",
            ),
            Mistake(
                lambda: _one_customer(price=(_NEW[1] - _OLD[1]) * _OLD[0]),
                "Your price effect stands on the old pieces. The new price was paid for the new pieces.",
            ),
            Mistake(
                lambda: _one_customer(price=-_one_customer()["price"]),
                "The price fell: which sign has its part?",
            ),
            Mistake(
                lambda: _one_customer(growth=_NEW[0] / _OLD[0] - 1),
                "Your growth is that of the pieces. Growth of *sales* is asked for.",
            ),
            Mistake(
                lambda: _one_customer(wallet=_OLD[0] * _OLD[1] / _SPEND),
                "Your wallet sets last year's sales against this year's purchases.",
            ),
            Mistake(
                lambda: _one_customer(wallet=_NEW[0] * _NEW[1] / (_SPEND - _NEW[0] * _NEW[1])),
                "You divided by what it buys elsewhere. What it buys from us is part of its purchases.",
            ),
        ),
        look="Write down pieces, price and sales of both years; price and volume add up to the change.",
        praise="Volume made up for the price, and more.",
    ),
    Check(
        "08.four_classes",
        kind=Labels("classes"),
        right=_classes,
        mistakes=(
            Mistake(
                lambda: ["regular", *_classes()[1:]],
                "The first customer ordered once. Which rule is asked first?",
            ),
            Mistake(
                lambda: [*_classes()[:2], "regular", "regular"],
                "You found nobody with potential. Look at growth *and* wallet of the third.",
            ),
            Mistake(
                lambda: [*_classes()[:3], "potential"],
                "You called the fourth potential. Potential needs growth, not only a small wallet.",
            ),
            Mistake(
                lambda: [_classes()[0], "regular", *_classes()[2:]],
                "The second has the best margin. The first tenth of four is rounded up.",
            ),
        ),
        look="One customer at a time, the four rules from the top; stop at the first that fits.",
        praise="The order of the rules decides: a customer may fit two of them.",
    ),
    Check(
        "08.west_index",
        kind=Number(tolerance=0.0051),
        right=_mix,
        mistakes=(
            Mistake(
                lambda: _mix(column="share"),
                "That is the share in the West's own purchases. Compare it with the firm's share.",
            ),
            Mistake(
                lambda: _mix(column="company_share"),
                "That is the firm's share of commercial units. It stands below the line.",
            ),
            Mistake(
                _region_of_family,
                "That is the West's part in the sales of commercial units: the other way round.",
            ),
            Mistake(
                lambda: _mix(family="household"),
                "That is the index of the household family.",
            ),
            Mistake(
                lambda: 1 / _mix(),
                "You divided the firm's share by the West's. Which one is compared with which?",
            ),
        ),
        look="`com.mix` by region and family has a column `index`; pick one row.",
        praise="Near 1: the West buys much as the others do. An index without a reason is mostly noise.",
    ),
    Check(
        "08.best_homes",
        kind=Number(counted="homes"),
        right=_homes,
        mistakes=(
            Mistake(
                lambda: _homes(order=None),
                "You counted lines as orders. Name the column of the order.",
            ),
            Mistake(
                _homes_by_rank,
                "You cut by rank: homes with equal values got different scores. Cut at values.",
            ),
            Mistake(
                _homes_upside_down,
                "Your R is upside down: few days since the last purchase are good.",
            ),
            Mistake(
                lambda: int((_scored("!= 'individual'")["rfm"] == "555").sum()),
                "Those are the businesses. Homes are the customers whose nature is 'individual'.",
            ),
        ),
        look="Lines of the homes, `com.rfm` with `order` named, then the rows whose `rfm` is '555'.",
        praise="All homes with a single order share one F score, so that group is larger than a fifth.",
    ),
    Check(
        "08.accessory_cap",
        kind=Number(unit="RMB", tolerance=50),
        right=_cap,
        mistakes=(
            Mistake(
                _cap_everyone,
                "You moved everybody to 5 %, also those who had less. A cap only takes from above.",
            ),
            Mistake(
                _discount,
                "That is the whole discount on the three. A cap of 5 % leaves a part of it.",
            ),
            Mistake(
                lambda: _cap(0.95),
                "Nothing changes at your cap. Is it 5 % of discount, or 5 % of the price?",
            ),
            Mistake(
                lambda: float(_accessories()["paid"].sum() + _cap()),
                "Those are the sales with the cap. How much *more* than before is asked for.",
            ),
        ),
        look="Line by line: if the discount was above 5 %, take 95 % of the price before it.",
        praise="With the same pieces. Whether the pieces stay the same, only a test can tell.",
    ),
    Check(
        "08.four_phones",
        kind=Mapped("completeness and uniqueness", tolerance=0.0051),
        right=_phones,
        mistakes=(
            Mistake(
                lambda: _phones(uniqueness=0.5),
                "You divided the different numbers by all rows. Uniqueness is among the cells filled in.",
            ),
            Mistake(
                lambda: _phones(uniqueness=1 / 3),
                "You counted only the number that stands once. Two different numbers are filled in.",
            ),
            Mistake(
                lambda: _phones(completeness=0.5),
                "You left the repeated number out of completeness. It is filled in, if twice.",
            ),
        ),
        look="Three of four cells are filled in, with two different numbers.",
        praise="A repeated number may be a typing error, or one customer with two records.",
    ),
)
