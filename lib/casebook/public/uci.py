"""Real data sets of the UCI Machine Learning Repository, as the course knows them."""

from __future__ import annotations

from casebook.contracts import Column
from casebook.public.model import Fact, Source

__all__ = ["BANK_MARKETING", "GERMAN_CREDIT", "ONLINE_RETAIL", "WHOLESALE"]

ONLINE_RETAIL = Source(
    name="online_retail",
    title="Online Retail",
    kind="real",
    about="Every invoice line of a British seller of gifts without a store, from 1 December 2010 to 9 "
    "December 2011. Many of its customers are wholesalers. The workbook takes a minute or two to "
    "read, once.",
    limits="A quarter of the lines has no customer. An invoice number that starts with C is a cancellation "
    "(its quantities are negative), one with A an adjustment of bad debt. Some lines are not goods: "
    "POST, M, D and the like in StockCode. The last month has nine days.",
    licence="CC BY 4.0",
    citation="Chen, D. (2015). Online Retail [data set]. UCI Machine Learning Repository. "
    "doi:10.24432/C5BW33. Described in Chen, D., Sain, S. L. and Guo, K. (2012), Journal of "
    "Database Marketing & Customer Strategy Management 19(3), doi:10.1057/dbm.2012.17.",
    page="https://archive.ics.uci.edu/dataset/352/online+retail",
    addresses=(
        "https://archive.ics.uci.edu/static/public/352/online+retail.zip",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/00352/Online%20Retail.xlsx",
    ),
    files=(
        "Online Retail.xlsx",
        "online+retail.zip",
        "online_retail_2010_2011.csv.zip",
        "online_retail_2010_2011.csv",
        "Online Retail.csv",
    ),
    grain="line of an invoice",
    columns=(
        Column("InvoiceNo", "text", "Number of the invoice; C in front: a cancellation."),
        Column("StockCode", "text", "Code of the article, or of what is charged besides, such as POST."),
        Column("Description", "text", "Name of the article.", nullable=True),
        Column("Quantity", "integer", "How many; negative on a cancellation.", unit="pieces"),
        Column("InvoiceDate", "date", "Day and minute of the invoice."),
        Column("UnitPrice", "number", "Price of one piece.", unit="GBP", decimals=3),
        Column("CustomerID", "text", "Code of the customer, five digits.", nullable=True),
        Column("Country", "text", "Where the customer lives."),
    ),
    rows=541_909,
    facts=(
        Fact("invoices", 25_900, lambda t: t["InvoiceNo"].nunique()),
        Fact("customers", 4_372, lambda t: t["CustomerID"].nunique()),
        Fact("lines without a customer", 135_080, lambda t: int(t["CustomerID"].isna().sum())),
        Fact("sum of Quantity", 5_176_450, lambda t: int(t["Quantity"].sum())),
        Fact(
            "value in GBP",
            9_747_747.934,
            lambda t: int(((t["UnitPrice"] * 1000).round().astype("int64") * t["Quantity"]).sum()) / 1000,
        ),
    ),
    sha256="d531f76eaea61619129096a3d4c8b7eb9e2a99c719db63d0263adc1e037c4474",
    dates="%m/%d/%Y %H:%M",
    clock=True,
)

BANK_MARKETING = Source(
    name="bank_marketing",
    title="Bank Marketing",
    kind="real",
    about="Clients whom a Portuguese bank called, from May 2008 to November 2010, to sell them a term "
    "deposit; the whole file (bank-full), in the order of the calls.",
    limits="`duration` is known only after the call, and with it nearly the answer: a model that is to "
    "choose whom to call must not see it. There is no year; the order of the rows is the order in "
    "time.",
    licence="CC BY 4.0",
    citation="Moro, S., Rita, P. and Cortez, P. (2014). Bank Marketing [data set]. UCI Machine Learning "
    "Repository. doi:10.24432/C5K306. Described in Moro, S., Laureano, R. and Cortez, P. (2011), "
    "Proceedings of the European Simulation and Modelling Conference ESM'2011, 117-121.",
    page="https://archive.ics.uci.edu/dataset/222/bank+marketing",
    addresses=(
        "https://archive.ics.uci.edu/static/public/222/bank+marketing.zip",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/00222/bank.zip",
    ),
    files=("bank-full.csv", "bank+marketing.zip", "bank.zip"),
    grain="client called in a campaign",
    columns=(
        Column("age", "integer", "Age.", unit="years"),
        Column("job", "text", "Kind of job, or unknown."),
        Column("marital", "text", "married, single, or divorced (which includes widowed)."),
        Column("education", "text", "primary, secondary, tertiary, or unknown."),
        Column("default", "text", "Whether a credit is in default: yes or no."),
        Column("balance", "integer", "Mean balance over the year.", unit="EUR"),
        Column("housing", "text", "Whether there is a housing loan: yes or no."),
        Column("loan", "text", "Whether there is a personal loan: yes or no."),
        Column("contact", "text", "How the client was reached: cellular, telephone, or unknown."),
        Column("day", "integer", "Day of the month of the last call."),
        Column("month", "text", "Month of the last call, three letters."),
        Column("duration", "integer", "Length of the last call; not known before it.", unit="seconds"),
        Column("campaign", "integer", "Calls to this client in this campaign, the last one included."),
        Column("pdays", "integer", "Days since the client was called in an earlier campaign; -1: never."),
        Column("previous", "integer", "Calls to this client before this campaign."),
        Column("poutcome", "text", "How the earlier campaign ended: success, failure, other, or unknown."),
        Column("y", "text", "Whether the client took the deposit: yes or no."),
    ),
    rows=45_211,
    facts=(
        Fact("clients with y = yes", 5_289, lambda t: int((t["y"] == "yes").sum())),
        Fact("sum of balance", 61_589_682, lambda t: int(t["balance"].sum())),
    ),
    sha256="b44507c26634736d4a0619ec2d7c4b6ff56a2c63cbeb5176d3134e7b25e416f0",
    separator=";",
)

GERMAN_CREDIT = Source(
    name="german_credit",
    title="Statlog (German Credit Data)",
    kind="real",
    about="Credits of a bank in southern Germany from 1973 to 1975, each good or bad in the end; bad ones "
    "were drawn more often than they occur. The original file with codes (A11 and so on), which "
    "german.doc explains.",
    limits="The file has no header: the names here are those that Groemping (2019) uses. She also shows "
    "that german.doc explains some codes wrongly; do not draw conclusions from single codes. With "
    "30 % bad credits by design, no probability from it holds for a bank. Sex, age and origin are "
    "in it: see what a model does with them before you use any.",
    licence="CC BY 4.0",
    citation="Hofmann, H. (1994). Statlog (German Credit Data) [data set]. UCI Machine Learning Repository. "
    "doi:10.24432/C5NC77. On its errors: Groemping, U. (2019), South German Credit Data: Correcting "
    "a Widely Used Data Set, Report 4/2019, Beuth University of Applied Sciences Berlin.",
    page="https://archive.ics.uci.edu/dataset/144/statlog+german+credit+data",
    addresses=(
        "https://archive.ics.uci.edu/static/public/144/statlog+german+credit+data.zip",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/statlog/german/german.data",
    ),
    files=("german.data", "statlog+german+credit+data.zip"),
    grain="credit",
    columns=(
        Column("status", "text", "Balance of the checking account, as a code A11 to A14."),
        Column("duration", "integer", "How long the credit runs.", unit="months"),
        Column("credit_history", "text", "How earlier credits went, A30 to A34."),
        Column("purpose", "text", "What the credit is for, A40 to A410."),
        Column("amount", "integer", "Amount of the credit.", unit="DM"),
        Column("savings", "text", "Savings, A61 to A65."),
        Column("employment_duration", "text", "Time with the present employer, A71 to A75."),
        Column("installment_rate", "integer", "Instalment as a share of income, in four steps."),
        Column("personal_status_sex", "text", "Sex and marital status, A91 to A95."),
        Column("other_debtors", "text", "Others who answer for the credit, A101 to A103."),
        Column("present_residence", "integer", "Time in the present home, in four steps."),
        Column("property", "text", "Most valuable property, A121 to A124."),
        Column("age", "integer", "Age.", unit="years"),
        Column("other_installment_plans", "text", "Instalments to others, A141 to A143."),
        Column("housing", "text", "Rented, own or free, A151 to A153."),
        Column("number_credits", "integer", "Credits at this bank, in four steps."),
        Column("job", "text", "Kind of job, A171 to A174."),
        Column("people_liable", "integer", "People who must be maintained, in two steps."),
        Column("telephone", "text", "Whether there is a telephone, A191 or A192."),
        Column("foreign_worker", "text", "Whether a foreign worker, A201 or A202."),
        Column("credit_risk", "integer", "1: good, 2: bad."),
    ),
    rows=1_000,
    facts=(
        Fact("bad credits", 300, lambda t: int((t["credit_risk"] == 2).sum())),
        Fact("sum of amount", 3_271_258, lambda t: int(t["amount"].sum())),
    ),
    sha256="7eb37fd5607b3e1a6c866f940bf8a9a0be7da167494c1b81413a8ed8c26662ad",
    separator=r"\s+",
    header=False,
)

WHOLESALE = Source(
    name="wholesale",
    title="Wholesale customers",
    kind="real",
    about="What the clients of a Portuguese wholesaler bought in a year, by kind of goods.",
    limits="One year and no names; the currency is not stated.",
    licence="CC BY 4.0",
    citation="Cardoso, M. (2013). Wholesale customers [data set]. UCI Machine Learning Repository. "
    "doi:10.24432/C5030X.",
    page="https://archive.ics.uci.edu/dataset/292/wholesale+customers",
    addresses=(
        "https://archive.ics.uci.edu/static/public/292/wholesale+customers.zip",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/00292/Wholesale%20customers%20data.csv",
    ),
    files=("Wholesale customers data.csv", "wholesale+customers.zip"),
    grain="client",
    columns=(
        Column("Channel", "integer", "1: hotel, restaurant or café; 2: retail."),
        Column("Region", "integer", "1: Lisbon; 2: Oporto; 3: elsewhere."),
        Column("Fresh", "integer", "Spent on fresh products in a year.", unit="monetary units"),
        Column("Milk", "integer", "On milk products.", unit="monetary units"),
        Column("Grocery", "integer", "On groceries.", unit="monetary units"),
        Column("Frozen", "integer", "On frozen products.", unit="monetary units"),
        Column("Detergents_Paper", "integer", "On detergents and paper.", unit="monetary units"),
        Column("Delicassen", "integer", "On delicatessen (the source's spelling).", unit="monetary units"),
    ),
    rows=440,
    facts=(
        Fact("clients of channel 1", 298, lambda t: int((t["Channel"] == 1).sum())),
        Fact("spent in all", 14_619_500, lambda t: int(t.iloc[:, 2:].to_numpy().sum())),
    ),
    sha256="d0213b7d856bc7f98f2f52a86bedb5cb57d5b8e19959605e75bd4532d4ee0896",
)
