"""How many certificates of each policy end soon, and when the first does, in SQL: python tables.py 30"""

import sys

import duckdb
from cardwright import CertiFlow

QUESTION = """
    SELECT policy_name, count(*) AS certificates, min(valid_to)::DATE AS first
    FROM (SELECT policy_name, unnest(certificates, recursive := true) FROM cards WHERE state = 'Issued')
    WHERE valid_to < now() + to_days($1)
    GROUP BY policy_name
    ORDER BY certificates DESC
"""

with CertiFlow.from_environment() as cm:
    cards = cm.cards().table(["policy_name", "state", "certificates"])
    print(duckdb.sql(QUESTION, params=[int(sys.argv[1])]))
