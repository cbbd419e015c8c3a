; What other files give and get. `require`, `import()` and `define` are calls; their names make them imports.
(import_statement) @import.statement
(export_statement) @import.export
(import) @import.call
