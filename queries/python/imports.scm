; Statements that bring in other modules.
(import_statement) @import.module
(import_from_statement) @import.from
(future_import_statement) @import.future
(wildcard_import) @import.all
