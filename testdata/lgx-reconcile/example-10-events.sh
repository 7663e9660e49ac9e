lgx-reconcile -s state --run R1 --as-of 2026-03-04 "$D/example-10-events-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-05 "$D/example-10-events-night2.ndjson"
