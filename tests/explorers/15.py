"""The explorer of lesson 15 on the sample data."""

import casebook
from casebook import uplift
from casebook.widgets import explore_retention

test = casebook.load("retention_test")
learned = uplift.fit_uplift(test, ["silence", "csat", "offer", "auto", "csat*offer", "csat*auto"], seed=15)
scored = test.join(learned.scores)
scored["psi"] = uplift.aipw(scored["churned"], scored["treated"], scored["m0"], scored["m1"])
explorer = explore_retention(scored)
