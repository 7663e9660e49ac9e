lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/late-authorisation-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/late-authorisation-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-19 "$D/late-authorisation-night3.ndjson"
