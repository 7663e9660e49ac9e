lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/original-after-its-rebill-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/original-after-its-rebill-night2.ndjson"
