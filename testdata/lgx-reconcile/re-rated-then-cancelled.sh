lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/re-rated-then-cancelled-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/re-rated-then-cancelled-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-19 "$D/re-rated-then-cancelled-night3.ndjson"
