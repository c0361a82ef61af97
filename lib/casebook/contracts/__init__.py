"""What every table of the sample company is: one definition writes, types, checks and documents it."""

from __future__ import annotations

from casebook.contracts.credit_tables import CREDIT_TABLES
from casebook.contracts.finance_tables import FINANCE_TABLES
from casebook.contracts.finding_tables import FINDING_TABLES
from casebook.contracts.model import Column, ContractError, Rule, Table
from casebook.contracts.party_tables import PARTY_TABLES
from casebook.contracts.side_tables import SIDE_TABLES, SIDE_TRUTH
from casebook.contracts.trade_tables import TRADE_TABLES
from casebook.contracts.truth_tables import TRUTH_TABLES

__all__ = ["TABLES", "TRUTH", "Column", "ContractError", "Rule", "Table"]

_PUBLIC = (*PARTY_TABLES, *TRADE_TABLES, *CREDIT_TABLES, *FINDING_TABLES, *FINANCE_TABLES, *SIDE_TABLES)
TABLES: dict[str, Table] = {table.name: table for table in _PUBLIC}  #: public
TRUTH: dict[str, Table] = {table.name: table for table in (*TRUTH_TABLES, *SIDE_TRUTH)}  #: hidden
