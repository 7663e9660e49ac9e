lgx-reconcile -s state --run R1 --as-of 2026-03-05 "$D/refused-effect-is-open-again-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 "$D/refused-effect-is-open-again-night2.ndjson"
lgx-reconcile -s state --run R3 --as-of 2026-03-19 "$D/refused-effect-is-open-again-night3.ndjson"
