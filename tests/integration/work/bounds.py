"""How much work one request or one update may cost, with 5,000 parts and any number of orders.

Half a second of a slow core is some five million calls, or ten million steps. What is more is done in portions, or by a
process of its own.
"""

from __future__ import annotations

from tests.integration.work.measure import Work

PAGE = Work(statements=40, rows=1_000, steps=500, calls=120_000)
# A long talk is 200 messages, questions and notes each; a board has a hundred cards.
LONG_PAGE = Work(statements=40, rows=1_500, steps=900, calls=450_000)
# A search reads the people's names for each word, and walks along what is rarest of what is searched for. Two things
# that seldom meet make a long walk: in 100,000 orders up to 1.5 million steps, 0.1 s.
SEARCH = Work(statements=50, rows=15_000, steps=2_000, calls=200_000)
PROGRAM = Work(statements=40, rows=1_000, steps=400, calls=100_000)
STEP = Work(statements=400, rows=2_000, steps=500, calls=1_500_000)  # with the messages that the update causes
# Of one transaction: others wait for its end before they write.
# A part that a seventh of 100,000 orders holds changes its category in 1.5 million steps, and is merged in 4 million.
CHANGE = Work(statements=1_200, rows=16_000, steps=5_000, calls=1_000_000)
