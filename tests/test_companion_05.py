"""The companion of lesson 05 comes out at the known figures of the teaching case."""

from __future__ import annotations

from pathlib import Path

import pytest

import casebook
from casebook.course import lessons as making

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "real_data" / "05_finding_prospects.ipynb"


@pytest.fixture(scope="module")
def shown() -> str:
    """Everything that the companion stores as text."""
    cells = making.read(PAGE)["cells"]
    return "\n".join(o["data"]["text/plain"] for c in cells for o in c.get("outputs", ()) if "data" in o)


def test_the_leads_are_those_of_the_case(shown):
    assert "9,240 leads, of which 3,561 (38.5%) became customers." in shown


def test_the_sources_come_out_at_the_known_shares(shown):
    for said in (
        "Google: 40%, from 38% to 42% (2,873 leads)",
        "Olark Chat: 26%, from 24% to 28% (1,755 leads)",
        "Reference: 92%, from 89% to 94% (534 leads)",
        "Welingak Website: 99%, from 95% to 99.6% (142 leads)",
    ):
        assert said in shown


def test_blank_and_select_are_told_apart_and_the_three_columns_agree_twice(shown):
    assert "*Select* converts at 48%, *blank* at 13%." in shown
    assert "887 leads are recommended by at least one of them, 2 by two." in shown


def test_no_single_lead_is_shown(shown):
    assert not any(code in shown for code in ("7927b2df", "660737", "660728"))


def test_the_figures_follow_from_the_data(real_data):
    leads = casebook.fetch("lead_scoring")
    rate = leads.groupby(leads["Lead Source"].replace("google", "Google"))["Converted"].agg(["sum", "size"])
    assert rate.loc["Welingak Website"].tolist() == [140, 142]
    assert rate.loc["Google"].tolist() == [1_147, 2_873]
    added = leads[leads["Lead Origin"] == "Lead Add Form"]
    assert (len(added), int(added["Converted"].sum())) == (718, 664)
    assert (added["Total Time Spent on Website"] == 0).sum() == 557
    heard = leads["How did you hear about X Education"]
    assert leads.loc[heard.isna(), "Converted"].mean() == pytest.approx(0.128, abs=5e-4)
    assert leads.loc[heard == "Select", "Converted"].mean() == pytest.approx(0.482, abs=5e-4)
