lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/example-07b-probable-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-04-04 "$D/example-07b-probable-night2.ndjson"
