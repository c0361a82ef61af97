"""Contracts of the side cases about money: banks, a broker, a securities firm. None refers to the company."""

from __future__ import annotations

from casebook.contracts.model import Column, Table

__all__ = ["ASSET_BANDS", "BANKS", "BANK_TIERS", "BUSINESSES", "FINANCE_TABLES"]

BANKS = ("Citibank", "HSBC", "ICBC")
BANK_TIERS = ("ordinary", "premier")
BUSINESSES = ("cash_withdrawal", "deposit", "passbook", "transfer", "account_opening", "loan", "wealth")
ASSET_BANDS = ("under_50k", "50k_to_500k", "500k_or_more")


BANK_ACCOUNTS = Table(
    name="bank_accounts",
    grain="account at a bank",
    key=("account_id",),
    columns=(
        Column("account_id", "text", "Number of the account."),
        Column("bank", "text", "Whose schedule of fees applies. The account is simulated, none of that bank.",
               allowed=BANKS),
        Column("tier", "text", "Kind of service.", allowed=BANK_TIERS),
        Column("avg_balance", "money", "Mean daily balance of the month.", unit="RMB", low=0),
        Column("txns", "integer", "Transactions in a year.", unit="a year", low=0),
        Column("cost", "money", "What the account costs the bank in a year.", unit="RMB", low=0),
    ),
    made="100 of the 500 balances are uniform below 100; the others are lognormal with median 20,000 and "
         "sigma 1.8, at least 100. Premier accounts (40) are drawn among the balances of 100,000 or more; "
         "banks are drawn without regard to the balance. A cost is about 5 whatever the balance and "
         "however many the transactions, which are negative binomial with mean 24.",
    planted="Exactly 20% of the accounts hold less than 100. Three pairs lie at the edge of a schedule, one "
            "cent under it and just on it: 80,000 at Citibank, 100,000 at HSBC (ordinary) and 500,000 at "
            "HSBC (premier). Twelve accounts of 100 to 5,000 have 120 transactions a year or more: small, "
            "but busy.",
    limits="Who is charged depends on < or <= at the edge. Costs are stylised; no bank publishes them.",
    lessons=("01c",),
)  # fmt: skip

FEE_SCHEDULE = Table(
    name="fee_schedule",
    grain="rule of a bank for small accounts at one time",
    key=("bank", "tier", "as_of"),
    columns=(
        Column("bank", "text", "The bank.", allowed=BANKS),
        Column("tier", "text", "Kind of service.", allowed=BANK_TIERS),
        Column("as_of", "text", "When it held; the source course dates only those of 2007.",
               allowed=("before 2007", "2007")),
        Column("threshold", "number", "The fee falls due when the mean balance is below this.",
               unit="see unit", low=0, decimals=0),
        Column("fee", "number", "Fee a month; missing where none is stated.", unit="see unit", low=0,
               nullable=True, decimals=0),
        Column("unit", "text", "RMB; or 'as stated': the source course gives the threshold in US dollars and "
               "the fee in yuan-like 块, where the press of the time says US dollars.",
               allowed=("RMB", "as stated")),
    ),
    made="Copied by hand from the source course, as it quotes them.",
    planted="Citibank stands twice, with schedules of different dates. ICBC was only considering a charge: "
            "its fee is missing, which is not a fee of zero.",
    limits="History as a textbook tells it; not what these banks charge today.",
    lessons=("01c",),
    simulated=False,
)  # fmt: skip

BROKERAGE_ACCOUNTS = Table(
    name="brokerage_accounts",
    grain="account at a broker",
    key=("account_id",),
    columns=(
        Column("account_id", "text", "Number of the account."),
        Column("securities_value", "money", "Worth of the securities in it.", unit="RMB", low=0),
        Column("cash", "money", "Cash in the linked account.", unit="RMB", low=0),
        Column("last_trade", "date", "Day of the last trade.", high="2007-10-08"),
    ),
    made="As seen on 2007-10-08, the day from which dormant accounts were taken out of the trading system.",
    planted="54 of the 300 are dormant (no securities, cash of 100 or less, last trade on 2004-10-08 or "
            "earlier). Of the others 30 miss the rule by cash alone, 40 by the day alone, 20 by securities "
            "alone. Eight lie exactly at an edge: cash 100 or 100.01, last trade on 2004-10-08 or the day "
            "after, securities worth a cent.",
    limits="Asleep by the rule is not abandoned: the owner may wake it, free of charge.",
    lessons=("01c",),
)  # fmt: skip

BANK_LOBBY = Table(
    name="bank_lobby",
    grain="visitor to a branch of a bank",
    key=("visitor_id",),
    columns=(
        Column("visitor_id", "text", "Number of the visitor."),
        Column("business", "text", "What the visitor came for.", allowed=BUSINESSES),
        Column("assets_band", "text", "Assets at the bank, as its system shows the lobby manager.",
               unit="RMB", allowed=ASSET_BANDS),
        Column("digital_ready", "flag", "Could use the machine or the telephone."),
        Column("wait", "integer", "Wait until served.", unit="minutes", low=0),
    ),
    made="Business, assets and readiness are dealt in fixed shares, independently; waits are exponential "
         "with a mean of 12 minutes.",
    planted="Twelve of the 120 have 500,000 or more; nothing in the business tells who.",
    limits="The source course gives the question, no facts: these are invented.",
    lessons=("03",),
)  # fmt: skip

SECURITIES_FIRM = Table(
    name="securities_firm",
    grain="client of a securities firm",
    key=("client_id",),
    columns=(
        Column("client_id", "text", "Number of the client."),
        Column("profit", "money", "Profit that the client brought in a year.", unit="RMB", low=0),
    ),
    made="Lognormal, with the spread solved for the planted share; about ten million in all.",
    planted="The best 20% of the clients bring EXACTLY 90% of the profit, as in the story of the source "
            "course: planted, not found.",
    limits="No loss anywhere: for clients who cost more than they bring see cost_to_serve.",
    lessons=("01",),
)  # fmt: skip

FINANCE_TABLES = (BANK_ACCOUNTS, FEE_SCHEDULE, BROKERAGE_ACCOUNTS, BANK_LOBBY, SECURITIES_FIRM)
