"""What every table of the sample company is: one definition writes, types, checks and documents it."""

from __future__ import annotations

from casebook.contracts.channel_tables import CHANNEL_TABLES, CHANNEL_TRUTH, RIVAL_TABLES
from casebook.contracts.churn_tables import CHURN_TABLES, CHURN_TRUTH
from casebook.contracts.credit_tables import CREDIT_TABLES
from casebook.contracts.finance_tables import FINANCE_TABLES
from casebook.contracts.finding_tables import FINDING_TABLES
from casebook.contracts.model import Column, ContractError, Rule, Table
from casebook.contracts.party_tables import PARTY_TABLES
from casebook.contracts.side_tables import SIDE_TABLES, SIDE_TRUTH
from casebook.contracts.trade_tables import TRADE_TABLES
from casebook.contracts.truth_tables import TRUTH_TABLES
from casebook.contracts.voice_tables import VOICE_TABLES, VOICE_TRUTH

__all__ = ["TABLES", "TRUTH", "Column", "ContractError", "Rule", "Table"]

_COMPANY = (*PARTY_TABLES, *TRADE_TABLES, *CREDIT_TABLES, *FINDING_TABLES, *RIVAL_TABLES, *VOICE_TABLES)
_PUBLIC = (*_COMPANY, *CHANNEL_TABLES, *CHURN_TABLES, *FINANCE_TABLES, *SIDE_TABLES)
_HIDDEN = (*TRUTH_TABLES, *VOICE_TRUTH, *CHANNEL_TRUTH, *CHURN_TRUTH, *SIDE_TRUTH)
TABLES: dict[str, Table] = {table.name: table for table in _PUBLIC}  #: public
TRUTH: dict[str, Table] = {table.name: table for table in _HIDDEN}  #: hidden
