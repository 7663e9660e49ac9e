lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/supplement-corrected-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-10 "$D/supplement-corrected-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-12 "$D/supplement-corrected-night3.ndjson"
