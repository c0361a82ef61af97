"""Case 01, for the instructor: the graded answers, worked out from the company, and the usual mistakes."""

from __future__ import annotations

from casebook.course.cases import Graded
from casebook.course.cases.key import Slip
from casebook.course.kinds import Mapped, Names, Number

TABLES = ("bank_accounts", "fee_schedule")

SPREAD, LEAVE, TRIAL_FEE, MIGRATED_COST = 0.02, 0.3, 2, 1.50
SMALL, BUSY, BUSY_BELOW = 100, 120, 5_000


def rules(company, citibank="2007"):
    """The rule of each bank and tier: those of 2007, and ICBC's plan."""
    plan = company["fee_schedule"]
    kept = plan["as_of"].eq("2007") | plan["bank"].eq("ICBC")
    if citibank != "2007":
        kept = (kept & plan["bank"].ne("Citibank")) | (
            plan["bank"].eq("Citibank") & plan["as_of"].eq(citibank)
        )
    return plan[kept]


def ruled(company, citibank="2007"):
    """Each account with the rule of its bank and tier, in the order of accounts."""
    table = company["bank_accounts"].merge(rules(company, citibank), on=["bank", "tier"], how="left")
    table["income"] = SPREAD * table["avg_balance"]
    table["result"] = table["income"] - table["cost"]
    return table


def charged(company, *, inclusive=False, icbc=False, citibank="2007"):
    """The accounts that pay; those of ICBC's plan only if asked."""
    table = ruled(company, citibank)
    below = (
        table["avg_balance"] <= table["threshold"] if inclusive else table["avg_balance"] < table["threshold"]
    )
    return table[below & (table["fee"].notna() | icbc)]


def count(table):
    return (table["bank"] + " " + table["tier"]).value_counts().to_dict()


def payers(company, **options):
    return count(charged(company, icbc=True, **options))


def every_rule_on_every_account(company):
    balance = company["bank_accounts"]["avg_balance"]
    return {f"{r.bank} {r.tier}": int((balance < r.threshold).sum()) for r in rules(company).itertuples()}


def fee_month(company, **options):
    return float(charged(company, **options)["fee"].sum())


def fee_year(company, **options):
    return 12 * fee_month(company, **options)


def fee_if_premier_is_ordinary(company):
    table = charged(company)
    return float(table["fee"].mask(table["tier"].eq("premier"), 150).sum())


def small(company, at_most=SMALL):
    table = ruled(company)
    return table[table["avg_balance"] < at_most]


def mean_cost(company):
    return float(company["bank_accounts"]["cost"].mean())


def already(company, table=None):
    table = charged(company) if table is None else table
    return float((table["income"] >= table["cost"]).mean())


def margin(company):
    return float(charged(company)["result"].sum())


def net_change(company):
    return (1 - LEAVE) * fee_year(company) - LEAVE * margin(company)


def rich_leave(company, *, poorest=False, fees_of_all=False, cost_stays=False):
    """The change if three in ten leave, those with the largest balances first."""
    table = charged(company).sort_values("avg_balance", ascending=poorest, kind="stable")
    gone = 3 * len(table) // 10
    fee = fee_year(company) * (1 - LEAVE) if fees_of_all else 12.0 * float(table["fee"].iloc[gone:].sum())
    return fee - float(table["income" if cost_stays else "result"].iloc[:gone].sum())


def tipping(company, lost=None):
    fee = fee_year(company)
    return fee / (fee + (margin(company) if lost is None else lost))


def collected(company):
    return small(company)["avg_balance"].clip(upper=12 * TRIAL_FEE)


def options(company, *, leave=LEAVE, capped=True, close=0.0, leave_migrated=0.0, income_too=True):
    tiny = small(company)
    keep = float(tiny["result"].sum())
    paid = float(collected(company).sum()) if capped else 12.0 * TRIAL_FEE * len(tiny)
    moved = float((tiny["income"] - MIGRATED_COST).sum())
    return {
        "keep": keep,
        "close": close,
        "charge": (1 - leave) * ((keep if income_too else 0) + paid),
        "migrate": (1 - leave_migrated) * moved,
    }


def closing_as_a_gain(company):
    return options(company, close=-float(small(company)["result"].sum()))


def small_busy(company, least=BUSY, below=BUSY_BELOW):
    table = ruled(company)
    return table[(table["avg_balance"] < below) & (table["txns"] >= least)]


def ids(table):
    return table["account_id"].tolist()


def waived(company, table=None, months=12):
    chosen = small_busy(company) if table is None else table
    paying = charged(company)
    return float(months * paying.loc[paying["account_id"].isin(chosen["account_id"]), "fee"].sum())


def grown(company, years=3, factor=None):
    start = small_busy(company)["avg_balance"]
    return int((start * (1.5**years if factor is None else factor) >= BUSY_BELOW).sum())


def taken(company):
    return float(collected(company).sum() / small(company)["avg_balance"].sum())


def mean_of_shares(company):
    balance = small(company)["avg_balance"]
    has = balance > 0
    return float((collected(company)[has] / balance[has]).mean())


def emptied(company):
    return float((small(company)["avg_balance"] <= 12 * TRIAL_FEE).mean())


_WHICH_RULE = (
    "The rule of Citibank before 2007 is in another currency. Keep the rules of 2007, and ICBC's plan."
)
_EDGE = "You charge those who hold exactly the threshold. Below is strict: which sign is it?"

KEY = (
    Graded(
        "payers",
        Mapped("counts of accounts"),
        points=6,
        right=payers,
        slips=(
            Slip(lambda c: payers(c, inclusive=True), _EDGE, points=2),
            Slip(lambda c: payers(c, citibank="before 2007"), _WHICH_RULE, points=3),
            Slip(
                every_rule_on_every_account,
                "You tried each rule on all accounts. An account has one: that of its bank and tier.",
                points=2,
            ),
            Slip(
                lambda c: count(ruled(c)),
                "You counted all accounts of each bank and tier. Compare each balance with the threshold.",
            ),
        ),
        look="Put the threshold of its bank and tier beside each account, compare with <, then count.",
    ),
    Graded(
        "fee_month",
        Number(unit="RMB a month", tolerance=0.5),
        points=4,
        right=fee_month,
        slips=(
            Slip(fee_year, "That is a year's fee. The question asks for a month.", points=3),
            Slip(lambda c: fee_month(c, inclusive=True), _EDGE, points=2),
            Slip(
                fee_if_premier_is_ordinary,
                "You charged premier accounts the ordinary fee. Join by bank *and* tier.",
                points=1,
            ),
            Slip(lambda c: fee_month(c, citibank="before 2007"), _WHICH_RULE, points=1),
        ),
        look="Add up the fee of each charged account. The plan without a fee adds nothing.",
    ),
    Graded(
        "break_even",
        Number(unit="RMB", tolerance=0.06),
        points=5,
        right=lambda c: mean_cost(c) / SPREAD,
        slips=(
            Slip(
                lambda c: float(c["bank_accounts"]["cost"].median()) / SPREAD,
                "You took the median cost; the question asks for the mean.",
                points=2,
            ),
            Slip(
                lambda c: float(small(c)["cost"].mean()) / SPREAD,
                "You took the cost of the small accounts only. The question asks for the mean of all.",
                points=2,
            ),
            Slip(
                lambda c: mean_cost(c) / SPREAD / 12,
                "Cost and spread are both for a year: there is nothing to divide by twelve.",
                points=1,
            ),
            Slip(
                lambda c: mean_cost(c) * SPREAD,
                "You multiplied. How many yuan must lie there so that the spread on them is the cost?",
            ),
        ),
        look="Which balance, times the spread, gives the mean cost of an account?",
    ),
    Graded(
        "small_result",
        Number(unit="RMB a year", tolerance=0.006),
        points=7,
        right=lambda c: float(small(c)["result"].sum()),
        slips=(
            Slip(
                lambda c: -float(small(c)["result"].sum()),
                "The right size without its sign: a loss is below zero.",
                points=3,
            ),
            Slip(
                lambda c: float(small(c)["income"].sum()),
                "That is what they earn. Take off what they cost.",
            ),
            Slip(
                lambda c: float((small(c)["income"] - 5).sum()),
                "You took the flat cost of the worked example. Your table has a cost for each account.",
                points=2,
            ),
            Slip(
                lambda c: float(small(c)["result"].mean()),
                "That is the mean of one account. All together are asked for.",
                points=2,
            ),
            Slip(
                lambda c: float(ruled(c).loc[ruled(c)["result"] < 0, "result"].sum()),
                "You added up all accounts that lose money. The question asks for those under 100.",
                points=2,
            ),
        ),
        look="Filter the balances under 100, then income less cost, then the sum.",
    ),
    Graded(
        "already_earning",
        Number(tolerance=0.0006, share=True),
        points=8,
        right=already,
        slips=(
            Slip(
                lambda c: already(c, ruled(c)),
                "That is the share of all accounts. Only those charged in 2007 are asked for.",
                points=2,
            ),
            Slip(
                lambda c: already(c, charged(c, icbc=True)),
                "The plan of ICBC is among them. It states no fee, so nobody is charged by it in 2007.",
                points=3,
            ),
            Slip(
                lambda c: 1 - already(c),
                "That is the share of those who did not cover their cost.",
                points=2,
            ),
        ),
        look="Of the accounts that the three rules of 2007 charge: the share with income >= cost.",
    ),
    Graded(
        "fee_left",
        Number(unit="RMB a year", tolerance=0.5),
        points=2,
        right=lambda c: (1 - LEAVE) * fee_year(c),
        slips=(
            Slip(fee_year, "That is before anybody leaves.", points=1),
            Slip(
                lambda c: LEAVE * fee_year(c), "Those are the fees of the leavers. Who still pays?", points=1
            ),
            Slip(
                lambda c: (1 - LEAVE) * fee_month(c),
                "That is one month; the question asks for a year.",
                points=1,
            ),
        ),
        look="The fees of a year, of those who stay.",
    ),
    Graded(
        "net_change",
        Number(unit="RMB a year", tolerance=0.6),
        points=5,
        right=net_change,
        slips=(
            Slip(
                lambda c: (1 - LEAVE) * fee_year(c),
                "You left out what the leavers brought before there was a fee.",
                points=1,
            ),
            Slip(
                lambda c: (1 - LEAVE) * fee_year(c) - LEAVE * float(charged(c)["income"].sum()),
                "You lose the leavers' income but keep their cost. A closed account costs nothing.",
                points=3,
            ),
            Slip(
                lambda c: (1 - LEAVE) * (fee_year(c) + margin(c)),
                "That is what these accounts leave afterwards. The question asks for the change.",
                points=2,
            ),
            Slip(
                lambda c: (1 - LEAVE) * fee_year(c) - margin(c),
                "You took off the margin of all who are charged. Only some leave.",
                points=1,
            ),
        ),
        look="The fees of those who stay, less the income minus cost of those who leave.",
    ),
    Graded(
        "rich_leave",
        Number(unit="RMB a year", tolerance=0.6),
        points=4,
        right=rich_leave,
        slips=(
            Slip(
                lambda c: rich_leave(c, poorest=True),
                "You let those with the smallest balances leave. The largest go first.",
                points=2,
            ),
            Slip(
                lambda c: rich_leave(c, fees_of_all=True),
                "You took 70 % of all fees. Fees differ: add up those of the accounts that stay.",
                points=2,
            ),
            Slip(
                lambda c: rich_leave(c, cost_stays=True),
                "You lose the leavers' income but keep their cost. A closed account costs nothing.",
                points=2,
            ),
        ),
        look="Sort the charged by balance and cut: the fees of one part, less the results of the other.",
    ),
    Graded(
        "tipping",
        Number(tolerance=0.0006, share=True),
        points=4,
        right=tipping,
        slips=(
            Slip(
                lambda c: tipping(c, float(charged(c)["income"].sum())),
                "You lose the leavers' income but keep their cost. A closed account costs nothing.",
                points=3,
            ),
            Slip(lambda c: 1 - tipping(c), "That is the share that has to stay.", points=3),
            Slip(
                lambda c: margin(c) / fee_year(c),
                "That is margin over fee. Write the change as a function of the share, and set it to zero.",
            ),
        ),
        look="Set (1 - share) x fees equal to share x margin, and solve for the share.",
    ),
    Graded(
        "options",
        Mapped("results in RMB a year", tolerance=0.02),
        points=5,
        right=options,
        slips=(
            Slip(
                lambda c: options(c, capped=False),
                "You collect a fee of 24 from accounts that hold less. Take no more than is there.",
                points=3,
            ),
            Slip(
                lambda c: options(c, leave=0),
                "In your charge nobody leaves. Three in ten do.",
                points=3,
            ),
            Slip(
                closing_as_a_gain,
                "You count the loss avoided as a gain. State what the bank *has* under each option.",
                points=3,
            ),
            Slip(
                lambda c: options(c, income_too=False),
                "Those who stay and pay still earn the spread and still cost money.",
                points=3,
            ),
            Slip(
                lambda c: options(c, leave_migrated=LEAVE),
                "You let three in ten leave when they are migrated. The question says that nobody does.",
                points=4,
            ),
        ),
        look="One option at a time: who is still there, what do they earn, pay and cost in a year?",
    ),
    Graded(
        "small_busy",
        Names("accounts"),
        points=4,
        right=lambda c: ids(small_busy(c)),
        slips=(
            Slip(
                lambda c: ids(small_busy(c, least=10)),
                "Ten a month: but the column counts a year.",
                points=1,
            ),
            Slip(
                lambda c: ids(small_busy(c).merge(charged(c)[["account_id"]], on="account_id")),
                "You kept those that a rule of 2007 charges. All that are small and busy are asked for.",
                points=2,
            ),
            Slip(lambda c: ids(small_busy(c, least=0)), "Those are all small ones. Which of them are busy?"),
        ),
        look="Two conditions joined by &, each in brackets: the balance, and the transactions of a year.",
    ),
    Graded(
        "waived",
        Number(unit="RMB a year", tolerance=0.5),
        points=4,
        right=waived,
        slips=(
            Slip(lambda c: waived(c, months=1), "That is one month; the question asks for a year.", points=3),
            Slip(
                lambda c: waived(c, small_busy(c, least=0)),
                "You let all small accounts off. Only the busy ones are exempt.",
                points=1,
            ),
            Slip(
                lambda c: waived(c) + 12.0 * TRIAL_FEE * int(small_busy(c)["bank"].eq("ICBC").sum()),
                "You added a fee for the accounts of ICBC. No rule of 2007 charges them.",
                points=2,
            ),
        ),
        look="Which of your small and busy accounts pay by a rule of 2007, and how much in a year?",
    ),
    Graded(
        "grown",
        Number(counted="accounts"),
        points=3,
        right=grown,
        slips=(
            Slip(
                lambda c: grown(c, factor=1 + 3 * 0.5),
                "You added half of the first balance three times. Each year grows on the year before.",
                points=1,
            ),
            Slip(lambda c: grown(c, years=1), "That is after one year; three are asked for.", points=1),
        ),
        look="Three years of growth by half: by what is each balance multiplied?",
    ),
    Graded(
        "taken",
        Number(tolerance=0.006, share=True),
        points=4,
        right=taken,
        slips=(
            Slip(
                lambda c: 12.0 * TRIAL_FEE * len(small(c)) / float(small(c)["avg_balance"].sum()),
                "You collect 24 from accounts that hold less. Take no more than is there.",
                points=2,
            ),
            Slip(
                mean_of_shares,
                "That is the mean of each account's share. The question asks for all the money together.",
                points=2,
            ),
            Slip(
                emptied,
                "That is the share of accounts that are emptied. Which share of the *money* is taken?",
                points=1,
            ),
        ),
        look="What the fee takes from all of them in a year, over all that they hold.",
    ),
)
