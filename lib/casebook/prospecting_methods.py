"""The nine ways of finding customers, the steps and the stages: the checklists of finding prospects."""

from __future__ import annotations

import pandas as pd

__all__ = ["NINE_METHODS", "PIPELINE_STEPS", "PROSPECT_STAGES"]

_SEED, _USUAL = "source course", "standard"

#: The nine ways (寻找顾客的九种方法). The source course announces nine and keeps four in all; the other five
#: names are those that Chinese textbooks usually give. `method` is the code that the tables use.
NINE_METHODS = pd.DataFrame(
    [
        ("universal", "universal (carpet) search", "普遍寻找法",
         "misses nobody; teaches the market", "dear, slow; people resist", _SEED),
        ("advertising", "advertising", "广告寻找法",
         "fast, broad, repeatable", "fee; weak aim; slow feedback", _SEED),
        ("referral", "referral", "介绍寻找法",
         "high success, cheap, low barrier", "hangs on relations; volume cannot be steered", _SEED),
        ("documents", "document lookup", "资料查阅法",
         "reliable, little work, study first", "stale; rivals have it too", _SEED),
        ("assistants", "entrusted assistants", "委托助手法",
         "local reach; saves sellers' time", "commission; hard to steer", _USUAL),
        ("own_records", "own customer records", "客户资料整理法",
         "cheapest; history known", "limited pool", _USUAL),
        ("fairs", "trade fairs", "交易会寻找法",
         "many interested buyers at once", "booth cost; rivals next door", _USUAL),
        ("consultants", "consulting bodies", "咨询寻找法",
         "expert, well aimed", "fee; dependence", _USUAL),
        ("events", "company events", "企业活动寻找法",
         "image and contacts together", "dear; works indirectly", _USUAL),
    ],
    columns=["method", "name", "zh", "pros", "cons", "origin"],
)  # fmt: skip

#: Six steps of finding (the source course has the heading only).
PIPELINE_STEPS = (
    "define the ideal profile", "list the sources", "collect leads", "screen", "record", "plan the approach",
)  # fmt: skip

#: How far a contact has come, first to last.
PROSPECT_STAGES = ("lead", "prospect", "target", "actual", "satisfied")
