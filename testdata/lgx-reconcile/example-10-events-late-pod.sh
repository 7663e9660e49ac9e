lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/example-10-events-late-pod-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-06 "$D/example-10-events-late-pod-night2.ndjson"
