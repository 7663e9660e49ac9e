lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/copy-held-while-rebilled-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-09 "$D/copy-held-while-rebilled-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-12 "$D/copy-held-while-rebilled-night3.ndjson"
