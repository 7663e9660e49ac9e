# originals come out as they were, between what stood around them; a shared header once
cat >in
echo '-- no stage'; lgx-replay in 2>&1; echo $?
echo '-- parse-edi'; lgx-replay -q --stage parse-edi in 2>&1 | od -c | tail -3
lgx-replay --stage parse-edi in 2>/dev/null | head -c 450; echo
echo '-- canon'; lgx-replay --stage canon in 2>/dev/null; echo $?
echo '-- map.value'; lgx-replay --reason map.value in 2>/dev/null | wc -l
echo '-- a pipe'; lgx-replay --stage canon <in 2>/dev/null | wc -l
echo '-- plan'; lgx-replay --plan --stage parse-edi in 2>/dev/null
