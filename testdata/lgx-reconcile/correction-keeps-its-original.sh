lgx-reconcile -s state --run R1 --as-of 2026-03-08 "$D/correction-keeps-its-original-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-09 "$D/correction-keeps-its-original-night2.ndjson"
