# what was changed behind the back of lgx is found
head -9 "$S/testdata/lgx-post/worked-examples.in" | lgx-post -q -l l.db >/dev/null
lgx-post -q -l l.db "$S/testdata/lgx-post/worked-examples.in" >/dev/null
sqlite3 l.db 'UPDATE line SET amount = 1 WHERE id = 16'
try() { # WHAT SQL
	cp l.db t.db
	sqlite3 t.db "DROP TRIGGER entry_update; DROP TRIGGER line_update; DROP TRIGGER line_delete;
	    DROP TRIGGER entry_delete; DROP TRIGGER chain_update; DROP TRIGGER chain_delete; $1"
	lgx-ledger -l t.db verify
	echo $?
}
try "SELECT 1 WHERE 0"
try "UPDATE line SET amount = amount + 1 WHERE id = 16"
try "UPDATE line SET amount = amount * 2"
try "UPDATE entry SET effective = effective + 1 WHERE id = 3"
try "UPDATE entry SET evidence = '[]' WHERE id = 3"
try "UPDATE account SET name = 'Expenses:Other' WHERE role = 'FREIGHT_VAR'"
try "DELETE FROM entry WHERE id = 2; DELETE FROM line WHERE id >> 4 = 2"
try "INSERT INTO line VALUES(12345, 1, 1)"
try "UPDATE chain SET hash = zeroblob(32)"
try "DELETE FROM chain"
