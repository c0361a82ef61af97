"""One published number: who printed it, with how many digits, and the call that must reproduce it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

import casebook.references

__all__ = ["Published", "all_published", "references_table"]


@dataclass(frozen=True)
class Published:
    """A number that somebody else printed.

    Parameters
    ----------
    what : str
        What is measured, in a few words; unique within its topic.
    printed : str
        The number as printed, with all its digits: ``"37.245"``. The digits printed are the tolerance.
    ours : callable
        Works our number out, with the library.
    source : str
        Who printed it, or which program gives it, with its version.
    remark : str
        How a definition differs, or what else a reader should know.
    misprint : str
        Why the printed number is wrong; ours must then differ from it.
    """

    what: str
    printed: str
    ours: Callable[[], float]
    source: str
    remark: str = ""
    misprint: str = ""

    @property
    def digits(self) -> int:
        """The number of printed decimals.

        >>> Published("x", "0.50", lambda: 0.5, "us").digits
        2
        """
        exponent = Decimal(self.printed).as_tuple().exponent
        return max(0, -int(exponent))

    def gap(self) -> float:
        """Our number less the printed one.

        >>> Published("x", "0.50", lambda: 0.75, "us").gap()
        0.25
        """
        return float(self.ours()) - float(self.printed)

    def agrees(self) -> bool:
        """Whether our number, rounded to the printed digits, is the printed one (ties either way).

        >>> Published("x", "0.67", lambda: 2 / 3, "us").agrees()
        True
        >>> Published("x", "0.66", lambda: 2 / 3, "us").agrees()
        False
        """
        return abs(self.gap()) <= 0.5 * 10.0**-self.digits + 1e-12


def all_published(*, real: bool = False) -> list[tuple[str, Published]]:
    """Return every published number with the name of its topic, in the order of topics.

    Parameters
    ----------
    real : bool
        Also those that are worked out from a public data set (a module's ``VALUES_REAL``); `casebook.fetch`
        must find it.

    Returns
    -------
    list of (str, Published)

    Examples
    --------
    >>> all(published.agrees() for _topic, published in all_published()[:3])
    True
    """
    names = (m.name for m in pkgutil.iter_modules(casebook.references.__path__))
    found = []
    for topic in sorted(name for name in names if name not in ("model", "__main__")):
        module = importlib.import_module(f"casebook.references.{topic}")
        values = (*module.VALUES, *(getattr(module, "VALUES_REAL", ()) if real else ()))
        found += [(topic, published) for published in values]
    return found


def references_table(*, real: bool = False) -> pd.DataFrame:
    """Work out every number and set it beside the printed one.

    Parameters
    ----------
    real : bool
        As for `all_published`.

    Returns
    -------
    DataFrame of shape (n_numbers, 8)
        topic, what, reference (as printed), ours, difference, agrees (yes, no, misprint), source, remark.

    Examples
    --------
    >>> list(references_table().columns)
    ['topic', 'what', 'reference', 'ours', 'difference', 'agrees', 'source', 'remark']
    """
    rows = [
        {
            "topic": topic,
            "what": published.what,
            "reference": published.printed,
            "ours": round(float(published.ours()), published.digits + 3),
            "difference": float(f"{published.gap():.2g}"),
            "agrees": _verdict(published),
            "source": published.source,
            "remark": published.misprint or published.remark,
        }
        for topic, published in all_published(real=real)
    ]
    columns = ["topic", "what", "reference", "ours", "difference", "agrees", "source", "remark"]
    return pd.DataFrame(rows, columns=columns)


def _verdict(published: Published) -> str:
    return "misprint" if published.misprint else "yes" if published.agrees() else "no"
