"""Data sets from elsewhere: a real one for checks of models, samples of software vendors, a teaching case."""

from __future__ import annotations

from casebook.contracts import Column
from casebook.public.model import Fact, Source

__all__ = ["CDNOW", "LEAD_SCORING", "RECEIVABLES", "SUPERSTORE", "TELCO_CHURN"]

CDNOW = Source(
    name="cdnow",
    title="CDNOW sample",
    kind="real",
    about="Every tenth of the customers who first bought at the CD shop CDNOW in the first quarter of "
    "1997, with all that they bought until the end of June 1998. Models of repeat buying were "
    "published on it.",
    limits="Offered for research and teaching, without a licence: use it to check a model, do not pass it "
    "on. The file has no header: the names here are ours.",
    licence="none stated; offered for research and teaching",
    citation="Fader, P. S. and Hardie, B. G. S. (2001), 'Forecasting repeat sales at CDNOW: a case study', "
    "Interfaces 31(3), S94-S107.",
    page="https://www.brucehardie.com/datasets/",
    addresses=(
        "https://www.brucehardie.com/datasets/CDNOW_sample.zip",
        "http://www.brucehardie.com/datasets/CDNOW_sample.zip",
    ),
    files=("CDNOW_sample.txt", "CDNOW_sample.zip"),
    grain="purchase",
    columns=(
        Column("master_id", "text", "Customer's number in the whole data set, five digits."),
        Column("sample_id", "text", "Customer's number in this sample, four digits."),
        Column("date", "date", "Day of the purchase."),
        Column("cds", "integer", "How many CDs.", unit="pieces"),
        Column("dollars", "money", "What was paid.", unit="USD"),
    ),
    rows=6_919,
    facts=(
        Fact("customers", 2_357, lambda t: t["sample_id"].nunique()),
        Fact("CDs", 16_479, lambda t: int(t["cds"].sum())),
        Fact("dollars in all", 244_091.94, lambda t: round(float(t["dollars"].sum()), 2)),
    ),
    sha256="4d6f652e0fbf70ca4dddf4a5f384c570fddf0244edb5bea2647954c25abed01e",
    separator=r"\s+",
    header=False,
)

#: The columns of the Telco sample that hold Yes, No, or that the service they belong to is not there.
_TELCO_SERVICES = (
    ("PhoneService", "a telephone line"),
    ("MultipleLines", "several lines"),
    ("InternetService", "internet, by DSL or fibre"),
    ("OnlineSecurity", "online security"),
    ("OnlineBackup", "online backup"),
    ("DeviceProtection", "device protection"),
    ("TechSupport", "technical support"),
    ("StreamingTV", "streamed television"),
    ("StreamingMovies", "streamed films"),
)

_TELCO_HOME = "https://raw.githubusercontent.com/IBM/telco-customer-churn-on-icp4d"

TELCO_CHURN = Source(
    name="telco_churn",
    title="Telco Customer Churn",
    kind="vendor sample",
    about="Customers of a telephone company that IBM invented to show its software, and whether they left "
    "in the last month.",
    limits="Nobody observed these customers: it shows methods at work and proves nothing about churn. "
    "Eleven customers with tenure 0 have no TotalCharges.",
    licence="Apache-2.0 (of the repository that holds it)",
    citation="IBM, Telco Customer Churn [sample data], in the repository IBM/telco-customer-churn-on-icp4d.",
    page="https://github.com/IBM/telco-customer-churn-on-icp4d/tree/master/data",
    addresses=(
        f"{_TELCO_HOME}/d5371f5d83a446ad5673cbcca3b814b926491f8a/data/Telco-Customer-Churn.csv",
        f"{_TELCO_HOME}/master/data/Telco-Customer-Churn.csv",
    ),
    files=("Telco-Customer-Churn.csv", "WA_Fn-UseC_-Telco-Customer-Churn.csv"),
    grain="customer",
    columns=(
        Column("customerID", "text", "Code of the customer."),
        Column("gender", "text", "Female or Male."),
        Column("SeniorCitizen", "integer", "1: a senior citizen, else 0."),
        Column("Partner", "text", "Whether there is a partner: Yes or No."),
        Column("Dependents", "text", "Whether there are dependents: Yes or No."),
        Column("tenure", "integer", "How long a customer.", unit="months"),
        *(Column(name, "text", f"Whether the customer has {what}.") for name, what in _TELCO_SERVICES),
        Column("Contract", "text", "Month-to-month, One year or Two year."),
        Column("PaperlessBilling", "text", "Whether bills come without paper: Yes or No."),
        Column("PaymentMethod", "text", "How the customer pays."),
        Column("MonthlyCharges", "money", "What is charged a month; the currency is not stated."),
        Column("TotalCharges", "money", "What was charged in all.", nullable=True),
        Column("Churn", "text", "Whether the customer left in the last month: Yes or No."),
    ),
    rows=7_043,
    facts=(
        Fact("customers with Churn = Yes", 1_869, lambda t: int((t["Churn"] == "Yes").sum())),
        Fact("customers without TotalCharges", 11, lambda t: int(t["TotalCharges"].isna().sum())),
        Fact("sum of MonthlyCharges", 456_116.6, lambda t: round(float(t["MonthlyCharges"].sum()), 2)),
    ),
    sha256="71cf269c84cd0cf5a0964aa173b946a29322d17a09ec12c03e277bd3adedcf85",
)

RECEIVABLES = Source(
    name="receivables",
    title="Accounts Receivable",
    kind="vendor sample",
    about="Invoices of 100 customers over two years, with the days until each was paid: a sample that "
    "came with IBM's Watson Analytics.",
    limits="Probably generated. Every invoice is settled and all terms are 30 days, so there is nothing "
    "open to predict, and an overdue debt cannot be seen growing. IBM's own page is gone; the copy "
    "at Kaggle asks for a login.",
    licence="none stated",
    citation="IBM, Accounts Receivable [sample data of Watson Analytics]; at Kaggle as 'Finance Factoring - "
    "IBM Late Payment Histories'.",
    page="https://www.kaggle.com/datasets/hhenry/finance-factoring-ibm-late-payment-histories",
    addresses=(),
    files=("WA_Fn-UseC_-Accounts-Receivable.csv", "WA_Fn-UseC_-Accounts-Receivable.xlsx"),
    grain="invoice",
    columns=(
        Column("countryCode", "text", "Number that stands for the country."),
        Column("customerID", "text", "Code of the customer."),
        Column("PaperlessDate", "date", "Day on which the customer went over to bills without paper."),
        Column("invoiceNumber", "text", "Number of the invoice."),
        Column("InvoiceDate", "date", "Day of the invoice."),
        Column("DueDate", "date", "Day on which it is due."),
        Column("InvoiceAmount", "money", "Amount; the currency is not stated."),
        Column("Disputed", "text", "Whether the customer disputed it: Yes or No."),
        Column("SettledDate", "date", "Day on which it was paid."),
        Column("PaperlessBill", "text", "Paper or Electronic."),
        Column("DaysToSettle", "integer", "From invoice to payment.", unit="days"),
        Column("DaysLate", "integer", "From the due day to payment; 0 if in time.", unit="days"),
    ),
    rows=2_466,
    facts=(
        Fact("customers", 100, lambda t: t["customerID"].nunique()),
        Fact("late invoices", 877, lambda t: int((t["DaysLate"] > 0).sum())),
        Fact("disputed invoices", 561, lambda t: int((t["Disputed"] == "Yes").sum())),
        Fact("sum of InvoiceAmount", 147_703.18, lambda t: round(float(t["InvoiceAmount"].sum()), 2)),
    ),
    sha256="59f92bbfe78bd1c074250c398c9efeac1bec6469577de20bf788687fd9827519",
)

SUPERSTORE = Source(
    name="superstore",
    title="Sample - Superstore",
    kind="vendor sample",
    about="Order lines of a shop for office supplies that Tableau invented to show its software; the "
    "edition with orders from 2016 to 2019.",
    limits="Fictional: it shows methods at work and proves nothing about a market. Tableau shifts the "
    "dates and adds orders from edition to edition, and its own page gives a newer one; only this "
    "edition passes.",
    licence="none stated; comes with Tableau",
    citation="Tableau, Sample - Superstore [sample data], edition with orders from 2016 to 2019.",
    page="https://github.com/TimLafferty/Superstore-Sales",
    addresses=(),
    files=("Sample - Superstore.csv", "superstore.csv"),
    grain="line of an order",
    columns=(
        Column("Row ID", "integer", "Number of the row."),
        Column("Order ID", "text", "Code of the order."),
        Column("Order Date", "date", "Day of the order."),
        Column("Ship Date", "date", "Day on which it left."),
        Column("Ship Mode", "text", "How it was sent."),
        Column("Customer ID", "text", "Code of the customer."),
        Column("Customer Name", "text", "Name of the customer."),
        Column("Segment", "text", "Consumer, Corporate or Home Office."),
        Column("Country", "text", "Always United States."),
        Column("City", "text", "Where it was sent."),
        Column("State", "text", "State of the city."),
        Column("Postal Code", "text", "Its postal code.", nullable=True),
        Column("Region", "text", "Central, East, South or West."),
        Column("Product ID", "text", "Code of the article; a few stand for two articles."),
        Column("Category", "text", "Furniture, Office Supplies or Technology."),
        Column("Sub-Category", "text", "One of 17 kinds within them."),
        Column("Product Name", "text", "Name of the article."),
        Column("Sales", "number", "What was charged for the line.", unit="USD", decimals=4),
        Column("Quantity", "integer", "How many.", unit="pieces"),
        Column("Discount", "number", "Discount as a share of the price.", unit="share"),
        Column("Profit", "number", "Profit of the line.", unit="USD", decimals=4),
    ),
    rows=9_994,
    facts=(
        Fact("orders", 5_009, lambda t: t["Order ID"].nunique()),
        Fact("customers", 793, lambda t: t["Customer ID"].nunique()),
        Fact("sum of Sales", 2_297_200.86, lambda t: round(float(t["Sales"].sum()), 2)),
        Fact("sum of Profit", 286_397.02, lambda t: round(float(t["Profit"].sum()), 2)),
    ),
    sha256="fe0bf4f0ce9f1385680a2865d093516e7d7811b9e59562239c5d4ca07de924f9",
)

#: The columns of the leads that say Yes or No.
_LEAD_FLAGS = (
    ("Search", "saw an advertisement in a search"),
    ("Magazine", "saw it in a magazine"),
    ("Newspaper Article", "saw an article in a newspaper"),
    ("X Education Forums", "saw it in the firm's forums"),
    ("Newspaper", "saw it in a newspaper"),
    ("Digital Advertisement", "saw it on the internet"),
    ("Through Recommendations", "came by a recommendation"),
    ("Receive More Updates About Our Courses", "wants news of courses"),
)

LEAD_SCORING = Source(
    name="lead_scoring",
    title="Lead Scoring (X Education)",
    kind="teaching case",
    about="Leads of a seller of online courses that the case calls X Education: where each came from, what "
    "it did on the website, and whether it became a customer. upGrad teaches with it.",
    limits="The firm is disguised: Nobody outside can say how the leads were chosen, or whether they are "
    "real. No dates and no costs. A blank and the word Select both mean that nothing was chosen. The "
    "columns from Tags to Asymmetrique Profile Score and the last activities were written after somebody "
    "had spoken to the lead. Copies differ in one heading: in others 'current occupation' is 'What is your "
    "current occupation'; rename it. The copy at Kaggle asks for a login.",
    licence="not verified; upGrad states none",
    citation="upGrad, Lead Scoring [teaching case 'X Education']; at Kaggle as 'Leads Dataset'.",
    page="https://www.kaggle.com/datasets/ashydv/leads-dataset",
    addresses=(),
    files=("Lead Scoring.csv", "Leads.csv"),
    grain="lead",
    columns=(
        Column("Prospect ID", "text", "Long code of the lead."),
        Column("Lead Number", "text", "Number of the lead."),
        Column("Lead Origin", "text", "Kind of form or interface by which the lead came in."),
        Column("Lead Source", "text", "Where it came from: Google, Reference, Olark Chat ...", nullable=True),
        Column("Do Not Email", "text", "Yes: does not want to be written to."),
        Column("Do Not Call", "text", "Yes: does not want to be called."),
        Column("Converted", "integer", "1: became a customer, else 0."),
        Column("TotalVisits", "number", "Visits to the website.", unit="visits", nullable=True, decimals=0),
        Column("Total Time Spent on Website", "integer", "Time there; the unit is not stated."),
        Column("Page Views Per Visit", "number", "Pages seen in a visit, mean.", unit="pages", nullable=True),
        Column("Last Activity", "text", "What the lead did last.", nullable=True),
        Column("Country", "text", "Country.", nullable=True),
        Column("Specialization", "text", "Line of work.", nullable=True),
        Column("How did you hear about X Education", "text", "In the lead's own words.", nullable=True),
        Column("current occupation", "text", "Occupation.", nullable=True),
        Column("What matters most to you in choosing a course", "text", "Answer.", nullable=True),
        *(Column(name, "text", f"Whether the lead {what}: Yes or No.") for name, what in _LEAD_FLAGS),
        Column("Tags", "text", "What a seller noted on the lead, after speaking to it.", nullable=True),
        Column("Lead Quality", "text", "A seller's judgement.", nullable=True),
        Column("Update me on Supply Chain Content", "text", "Wants this news: Yes or No."),
        Column("Get updates on DM Content", "text", "Wants this news: Yes or No."),
        Column("Lead Profile", "text", "A level that the firm gave to the lead.", nullable=True),
        Column("City", "text", "City or region.", nullable=True),
        Column("Asymmetrique Activity Index", "text", "High, Medium or Low.", nullable=True),
        Column("Asymmetrique Profile Index", "text", "High, Medium or Low.", nullable=True),
        Column("Asymmetrique Activity Score", "number", "Score of activity.", nullable=True, decimals=0),
        Column("Asymmetrique Profile Score", "number", "Score of the profile.", nullable=True, decimals=0),
        Column("I agree to pay the amount through cheque", "text", "Yes or No."),
        Column("A free copy of Mastering The Interview", "text", "Wants it: Yes or No."),
        Column("Last Notable Activity", "text", "The last activity that counts."),
    ),
    rows=9_240,
    facts=(
        Fact("converted leads", 3_561, lambda t: int(t["Converted"].sum())),
        Fact("leads without a source", 36, lambda t: int(t["Lead Source"].isna().sum())),
        Fact(
            "leads that say Select how they heard of it",
            5_043,
            lambda t: int((t["How did you hear about X Education"] == "Select").sum()),
        ),
        Fact("time on the website in all", 4_506_332, lambda t: int(t["Total Time Spent on Website"].sum())),
    ),
    sha256="99cdea577dc9eae40241e5b41fe208482dd1761f8ccb305202a0f610b37e4b53",
)
