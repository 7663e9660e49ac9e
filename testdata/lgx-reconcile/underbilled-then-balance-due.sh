lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/underbilled-then-balance-due-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/underbilled-then-balance-due-night2.ndjson"
