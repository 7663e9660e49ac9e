lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/rebill-after-reject-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/rebill-after-reject-night2.ndjson"
