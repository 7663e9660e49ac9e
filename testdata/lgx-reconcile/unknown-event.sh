lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/unknown-event-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/unknown-event-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-19 "$D/unknown-event-night3.ndjson"
