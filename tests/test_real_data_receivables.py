"""The vendor's receivables are what the companion of lesson 12 takes them for."""

from __future__ import annotations

import numpy as np
import pytest

import casebook
from casebook import receivables as rec


def test_every_invoice_of_the_file_is_settled_and_none_is_very_late():
    raw = casebook.fetch("receivables")
    assert raw["SettledDate"].notna().all()
    assert raw["DaysLate"].max() == 45
    late = np.maximum((raw["SettledDate"] - raw["DueDate"]).dt.days, 0)
    assert (late == raw["DaysLate"]).all()
    invoices = raw.rename(
        columns={
            "invoiceNumber": "invoice_id",
            "customerID": "customer_id",
            "InvoiceDate": "issue_date",
            "DueDate": "due_date",
            "InvoiceAmount": "amount",
        }
    )
    payments = raw.rename(columns={"invoiceNumber": "invoice_id", "SettledDate": "date"})
    payments = payments.rename(columns={"InvoiceAmount": "amount"})[["invoice_id", "date", "amount"]]
    on_the_day = raw[(raw["InvoiceDate"] <= "2013-06-30") & (raw["SettledDate"] > "2013-06-30")]
    aged = rec.aging(invoices, payments, "2013-06-30")
    assert aged["invoices"].sum() == len(on_the_day) == 84
    assert aged["open"].sum() == pytest.approx(on_the_day["InvoiceAmount"].sum())
