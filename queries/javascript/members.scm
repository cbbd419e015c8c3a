; Only this grammar calls them so; TypeScript has kinds of its own.
(field_definition) @definition.field
