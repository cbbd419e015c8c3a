; Only Python 2 has these; a file with one of them is read by Python 2's import rules too.
(print_statement) @legacy
(exec_statement) @legacy
(chevron) @legacy
