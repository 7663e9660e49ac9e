lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/cancellation-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/cancellation-night2.ndjson"
