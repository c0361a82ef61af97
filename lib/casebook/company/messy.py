"""A sales export as firms really send it: another sister's lines, with every flaw counted and documented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from casebook.company.simulate import simulate
from casebook.company.store import cache_folder, checkout_datasets, write_files
from casebook.company.streams import stream

__all__ = ["MESSY_SEED", "PLANTED", "messy_bytes", "messy_card", "messy_export", "messy_lines"]

MESSY_SEED = 7007  #: of the sister company whose export it is
HEADINGS = (
    "Invoice no", "Invoice date", "Client code", "客户名称", "Article", "Pieces", "Net price", "Remark",
)  # fmt: skip
FORMULA_NAME = '=HYPERLINK("http://example.invalid","x")'
SCRIPT_NAME = "<script>alert('x')</script> Hotel"
ZERO_CLIENT, NEGATIVE_CLIENT = "00019", "00038"  #: codes that no other client has

#: What is wrong with the file, and how often.
PLANTED = {
    "lines without a client code": 12,
    "total lines at the end": 1,
    "returns (negative pieces)": 9,
    "prices that say n/a": 1,
    "dates that do not exist (31/02/2024)": 1,
    "clients whose balance is exactly zero": 1,
    "clients whose balance is below zero": 1,
    "clients whose name is a spreadsheet formula": 1,
    "clients whose name is a script": 1,
}


def messy_lines(seed: int = MESSY_SEED) -> pd.DataFrame:
    """The cells of the export, all text, one row a line, the total last.

    Parameters
    ----------
    seed : int
        Of the sister company.

    Returns
    -------
    DataFrame of shape (n_lines, 8)
        Columns as in the file: Invoice no, Invoice date (dd/mm/yyyy), Client code (5 digits, leading zeros),
        客户名称 (client's name), Article, Pieces, Net price (RMB, decimal comma), Remark.

    Examples
    --------
    >>> messy_lines().tail(1)[["Client code", "Article"]].values.tolist()
    [['', 'Total']]
    """
    rng = stream(seed, "messy_export")
    lines = pd.concat([_sold(seed), *_special_clients()], ignore_index=True)
    lines = pd.concat([lines, _returned(lines, rng)], ignore_index=True)
    lines = lines.sort_values(["date", "Invoice no"], kind="stable", ignore_index=True)
    plain = lines.index[(lines["Remark"] == "") & ~lines["Client code"].isin([ZERO_CLIENT, NEGATIVE_CLIENT])]
    spoilt = rng.choice(plain, size=PLANTED["lines without a client code"] + 2, replace=False)
    text = lines.assign(**{
        "Invoice date": lines["date"].dt.strftime("%d/%m/%Y"), "Pieces": lines["Pieces"].astype("str"),
        "Net price": lines["cents"].map(_decimal_comma),
    })[list(HEADINGS)].astype("str")  # fmt: skip
    text.loc[spoilt[2:], ["Client code", "客户名称", "Remark"]] = ["", "", "cash sale"]
    text.loc[spoilt[0], "Net price"] = "n/a"
    text.loc[spoilt[1], "Invoice date"] = "31/02/2024"
    total = dict.fromkeys(HEADINGS, "") | {"Article": "Total", "Pieces": str(lines["Pieces"].sum())}
    return pd.concat([text, pd.DataFrame([total])], ignore_index=True)


def messy_bytes(lines: pd.DataFrame) -> bytes:
    r"""The file: UTF-8 with a byte-order mark, semicolons, Windows line ends.

    Parameters
    ----------
    lines : DataFrame
        From `messy_lines`.

    Returns
    -------
    bytes
        What stands in `messy_sales_export.csv`.

    Examples
    --------
    >>> messy_bytes(pd.DataFrame({"Pieces": ["3"], "Remark": ["a;b"]}))
    b'\xef\xbb\xbfPieces;Remark\r\n3;"a;b"\r\n'
    """
    return lines.to_csv(sep=";", index=False, lineterminator="\r\n").encode("utf-8-sig")


def messy_card(lines: pd.DataFrame, seed: int = MESSY_SEED) -> str:
    """The data card of the export, as Markdown.

    Parameters
    ----------
    lines : DataFrame
        From `messy_lines`.
    seed : int
        Of the sister company.

    Returns
    -------
    str
        How to read it, what is planted and how often, limits, licence.
    """
    flaws = "\n".join(f"| {name} | {count} |" for name, count in PLANTED.items())
    ambiguous = int(pd.to_numeric(lines["Invoice date"].str[:2], errors="coerce").le(12).sum())
    return (
        "# messy_sales_export\n\n"
        f"Simulated: the export of a fictional sister company (seed {seed}), deliberately as untidy as the "
        "files that firms really have. Nobody in it exists.\n\n"
        f"One row is one invoice line of 2024: {len(lines):,} lines under the heading, the last of which is "
        "a total.\n\n"
        "## How to read it\n\n"
        "UTF-8 with a byte-order mark; semicolons; Windows line ends; decimal comma, and a point between "
        f"the thousands of a price; dates as day/month/year ({ambiguous} of them could also be "
        "month/day/year, the others could not); client codes have leading zeros: they are names, not "
        "numbers.\n\n"
        "```\ncasebook report abc datasets/messy_sales_export.csv \\\n"
        "    --map customer_id=\"Client code\" --map date=\"Invoice date\" \\\n"
        "    --map qty=Pieces --map unit_price=\"Net price\" \\\n"
        "    --date-order dmy --decimal , --returns net --set-aside unreadable --out abc_report\n```\n\n"
        "| column | meaning |\n|---|---|\n"
        "| `Invoice no` | number of the invoice |\n| `Invoice date` | day, dd/mm/yyyy |\n"
        "| `Client code` | who bought, 5 digits |\n| `客户名称` | the client's name |\n"
        "| `Article` | item number |\n| `Pieces` | how many; negative for a return |\n"
        "| `Net price` | RMB for one piece |\n| `Remark` | free text |\n\n"
        f"## What is planted\n\n| flaw | how often |\n|---|---|\n{flaws}\n\n"
        "## Limits and misuse\n\nThe flaws are there to be found; the amounts say nothing about any "
        "market. Do not open the file in a spreadsheet and save it: that would lose the leading zeros.\n\n"
        "## Licence\n\nCC BY 4.0, The Casebook authors.\n"
    )  # fmt: skip


def _decimal_comma(cents: int) -> str:
    """Write cents with a decimal comma and a point between thousands.

    >>> _decimal_comma(233900), _decimal_comma(7)
    ('2.339,00', '0,07')
    """
    whole, part = divmod(int(cents), 100)
    return f"{whole:,}".replace(",", ".") + f",{part:02d}"


def _sold(seed: int) -> pd.DataFrame:
    """A year of lines of a third of the customers of a small sister, under the headings of the export."""
    sister = simulate(seed, customers=100, years=1)
    who = sister["customers"].iloc[::3].reset_index(drop=True)
    codes = pd.Series([f"{37 * (n + 3):05d}" for n in range(len(who))], index=who["customer_id"])
    orders = sister["orders"][sister["orders"]["customer_id"].isin(who["customer_id"])]
    busiest = orders["customer_id"].value_counts(sort=False).sort_index().sort_values(kind="stable").index
    names = who.set_index("customer_id")["name_zh"]
    names = names.mask(names.index == busiest[-2], FORMULA_NAME).mask(names.index == busiest[-3], SCRIPT_NAME)
    lines = sister["order_lines"].merge(orders, on="order_id")
    return pd.DataFrame({
        "Invoice no": "2024-" + lines["order_id"].str[-4:], "date": lines["date"],
        "Client code": lines["customer_id"].map(codes), "客户名称": lines["customer_id"].map(names),
        "Article": lines["sku"], "Pieces": lines["qty"],
        "cents": (lines["unit_price"] * 100).round().astype("int64"), "Remark": "",
    })  # fmt: skip


def _special_clients() -> list[pd.DataFrame]:
    """One client who gives everything back, and one who gives back what was bought before the export.

    In floats the balance of the first is not zero: 3 x 128.96 + 175.10 + 7 x 98.30 less the same.
    """
    zero = [("2024-9001", "2024-03-05", "F02", 3, 12896), ("2024-9001", "2024-03-05", "F04", 1, 17510),
            ("2024-9001", "2024-03-05", "A02", 7, 9830)]  # fmt: skip
    back = [("2024-9102", "2024-05-16", sku, -pieces, cents) for _, _, sku, pieces, cents in zero]
    below = [("2024-9002", "2024-01-09", "H03", -2, 160900)]
    made = []
    for code, name, cells in (
        (ZERO_CLIENT, "沅溪小学", zero + back),
        (NEGATIVE_CLIENT, "漪潇网店", below),
    ):
        table = pd.DataFrame(cells, columns=["Invoice no", "date", "Article", "Pieces", "cents"])
        remark = np.where(table["Pieces"] < 0, "return", "")
        date = pd.to_datetime(table["date"]).astype("datetime64[us]")
        made.append(table.assign(date=date, Remark=remark, **{"Client code": code, "客户名称": name}))
    return made


def _returned(lines: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Ordinary returns: a single piece of an earlier line of some pieces, some days later."""
    wanted = PLANTED["returns (negative pieces)"] - int((lines["Pieces"] < 0).sum())
    early = lines.index[(lines["Pieces"] > 3) & (lines["date"] < "2024-11-01") & (lines["Remark"] == "")
                        & (lines["Client code"] != ZERO_CLIENT)]  # fmt: skip
    chosen = lines.loc[np.sort(rng.choice(early, size=wanted, replace=False))]
    days = pd.to_timedelta(rng.integers(5, 30, size=wanted), unit="D")
    numbers = [f"2024-91{n + 10}" for n in range(wanted)]
    return chosen.assign(Pieces=-1, Remark="return", date=chosen["date"] + days, **{"Invoice no": numbers})


def messy_export() -> Path:
    """Return the path of the messy sales export, to try one's reading on; made in the cache if not shipped.

    Examples
    --------
    >>> messy_export().name
    'messy_sales_export.csv'
    """
    shipped = checkout_datasets() / "messy_sales_export.csv"
    if shipped.is_file():
        return shipped
    made = cache_folder() / shipped.name
    if not made.is_file():
        write_files({made.name: messy_bytes(messy_lines())}, made.parent)
    return made
