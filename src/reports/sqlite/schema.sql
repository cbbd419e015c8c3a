-- What unpick found, one row for one thing. Modules, files and tables are referred to by name; where several rows belong to one
-- (the columns of a key, the members of a cycle) they carry its id. Yes and no are 1 and 0; shares are between 0 and 1.

-- Figures of the whole map by name: version, number of files, of unresolved names.
CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- The units an architect moves. Own code only: tests and migrations are not counted in files and lines.
CREATE TABLE modules (
    name TEXT PRIMARY KEY,
    basis TEXT,                 -- what made it a module
    rule TEXT,                  -- the same in words
    paths TEXT,                 -- folders and files
    files INTEGER,
    lines INTEGER,
    afferent INTEGER,           -- modules that depend on it
    efferent INTEGER,           -- modules it depends on
    instability REAL            -- efferent / (afferent + efferent)
);

CREATE TABLE files (
    path TEXT PRIMARY KEY,
    language TEXT,
    lines INTEGER,
    bytes INTEGER,
    module TEXT REFERENCES modules (name),
    status TEXT,                -- parsed, recovered (it has syntax errors), or not read
    reason TEXT,                -- why
    tags TEXT                   -- test, vendored, generated, minified, migration; such files are in no figure but this one
);

CREATE TABLE definitions (
    name TEXT,                  -- with the class around it
    kind TEXT,
    path TEXT REFERENCES files (path),
    line INTEGER,
    end_line INTEGER,
    module TEXT REFERENCES modules (name),
    methods INTEGER,
    fields INTEGER,
    bases TEXT
);

-- One module depends on another.
CREATE TABLE dependencies (
    id INTEGER PRIMARY KEY,
    from_module TEXT REFERENCES modules (name),
    to_module TEXT REFERENCES modules (name),
    weight INTEGER,             -- in thousandths: an import or a call counts 1000
    kinds TEXT                  -- how many references of each kind, as JSON
);

-- The lines behind a dependency of modules.
CREATE TABLE dependency_sites (
    dependency INTEGER REFERENCES dependencies (id),
    path TEXT REFERENCES files (path),
    line INTEGER,
    kind TEXT
);

-- One file refers to another in a line.
CREATE TABLE references_of_files (
    from_path TEXT REFERENCES files (path),
    to_path TEXT REFERENCES files (path),
    line INTEGER,
    kind TEXT,                  -- import, include, call, extends, reference, type
    lazy INTEGER,               -- runs inside a function, not while files are loaded
    type_only INTEGER,          -- only a type checker sees it
    confidence REAL,
    rule TEXT,                  -- the rule that read it
    text TEXT
);

-- Tables of the database of the application.
CREATE TABLE tables (
    id INTEGER PRIMARY KEY,
    name TEXT,
    schema TEXT,
    model TEXT,                 -- the class that maps it
    module TEXT REFERENCES modules (name),
    kind TEXT,                  -- single_writer, multi_writer, reference, log, queue, orphan (never used), ghost (used, declared nowhere)
    owner TEXT REFERENCES modules (name),
    owner_confidence REAL,      -- below 0.5 people have to decide
    primary_key TEXT
);

CREATE TABLE columns (
    "table" INTEGER REFERENCES tables (id),
    table_name TEXT,
    position INTEGER,           -- from 1
    name TEXT,
    type TEXT
);

CREATE TABLE table_declarations ("table" INTEGER REFERENCES tables (id), table_name TEXT, path TEXT REFERENCES files (path), line INTEGER, declared_by TEXT);

CREATE TABLE foreign_keys (
    id INTEGER PRIMARY KEY,
    table_name TEXT,
    columns TEXT,
    to_table TEXT,
    to_columns TEXT,
    basis TEXT,                 -- declared, orm, inferred
    confidence REAL
);

-- Where a key is written, or what speaks for it.
CREATE TABLE key_evidence ("key" INTEGER REFERENCES foreign_keys (id), path TEXT REFERENCES files (path), line INTEGER, kind TEXT);

-- Pairs of columns that refer to rows of several tables, and columns that are called like keys and lead nowhere.
CREATE TABLE polymorphic_keys (table_name TEXT, type_column TEXT, key_column TEXT, targets TEXT);
CREATE TABLE open_keys (table_name TEXT, column_name TEXT);

-- One statement's use of one table.
CREATE TABLE accesses (
    id INTEGER PRIMARY KEY,
    path TEXT REFERENCES files (path),
    line INTEGER,
    end_line INTEGER,
    module TEXT REFERENCES modules (name),
    function TEXT,
    statement TEXT,             -- accesses with the same one are of one statement
    table_name TEXT,
    operation TEXT,             -- read, write, ddl
    verb TEXT,
    access_by TEXT,             -- sql, orm, query_builder
    confidence REAL,
    in_loop INTEGER,
    in_transaction INTEGER
);

CREATE TABLE access_columns (access INTEGER REFERENCES accesses (id), name TEXT);

CREATE TABLE routes (
    method TEXT,
    path TEXT,
    handler TEXT,
    file TEXT REFERENCES files (path),
    line INTEGER,
    registered_path TEXT,
    registered_line INTEGER,
    module TEXT REFERENCES modules (name),
    framework TEXT,
    name TEXT,
    confidence REAL
);

-- Requests that scripts send to the application itself.
CREATE TABLE http_calls (
    path TEXT REFERENCES files (path),
    line INTEGER,
    module TEXT REFERENCES modules (name),
    method TEXT,
    url TEXT,
    resolves_to TEXT,           -- the route or page that answers
    client TEXT,
    in_loop INTEGER,
    in_transaction INTEGER
);

CREATE TABLE external_systems (id INTEGER PRIMARY KEY, name TEXT, protocol TEXT, hosts TEXT);

CREATE TABLE external_calls (
    system INTEGER REFERENCES external_systems (id),
    path TEXT REFERENCES files (path),
    line INTEGER,
    client TEXT,
    in_loop INTEGER,
    in_transaction INTEGER
);

CREATE TABLE external_modules (system INTEGER REFERENCES external_systems (id), module TEXT REFERENCES modules (name));

CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,
    path TEXT REFERENCES files (path),
    line INTEGER,
    end_line INTEGER,
    module TEXT REFERENCES modules (name),
    function TEXT,
    kind TEXT
);

CREATE TABLE transaction_tables ("transaction" INTEGER REFERENCES transactions (id), table_name TEXT, operation TEXT);
CREATE TABLE transaction_externals ("transaction" INTEGER REFERENCES transactions (id), name TEXT);

-- Units of work: a transaction, else what handles a route, a command or a job.
CREATE TABLE units (
    id INTEGER PRIMARY KEY,
    entry TEXT,
    module TEXT REFERENCES modules (name),
    explicit INTEGER,
    kind TEXT,                  -- transaction, route, command, job, listener, handler, observer
    path TEXT REFERENCES files (path),
    line INTEGER
);
CREATE TABLE unit_tables (unit INTEGER REFERENCES units (id), table_name TEXT, operation TEXT);
CREATE TABLE unit_externals (unit INTEGER REFERENCES units (id), name TEXT);

-- What is sent without saying to whom, with both ends; nothing of it is a dependency.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    name TEXT,
    kind TEXT,                  -- job, message, event, model
    path TEXT REFERENCES files (path),
    line INTEGER
);

CREATE TABLE message_senders (
    message INTEGER REFERENCES messages (id),
    path TEXT REFERENCES files (path),
    line INTEGER,
    module TEXT REFERENCES modules (name),
    function TEXT,
    confidence REAL
);

CREATE TABLE message_handlers (
    message INTEGER REFERENCES messages (id),
    path TEXT REFERENCES files (path),
    line INTEGER,
    module TEXT REFERENCES modules (name),
    handler TEXT,
    queued INTEGER,             -- runs later, apart from whoever sends
    registered_path TEXT REFERENCES files (path),
    registered_line INTEGER,
    rule TEXT,
    confidence REAL
);

-- Groups that depend on themselves in circles; `weight` is what the cheapest cut costs.
CREATE TABLE cycles (
    id TEXT PRIMARY KEY,
    level TEXT,                 -- module, file
    reading TEXT,               -- runtime, load, all
    edges INTEGER,
    weight INTEGER,
    lower_bound INTEGER,
    proven INTEGER              -- no cheaper cut exists
);

CREATE TABLE cycle_members (cycle TEXT REFERENCES cycles (id), name TEXT);
CREATE TABLE cycle_cuts (cycle TEXT REFERENCES cycles (id), from_name TEXT, to_name TEXT, weight INTEGER, advice TEXT, because TEXT);

CREATE TABLE god_classes (
    name TEXT, path TEXT REFERENCES files (path), line INTEGER, end_line INTEGER, lines INTEGER, methods INTEGER, fields INTEGER,
    public INTEGER, coupling INTEGER, wmc INTEGER, atfd INTEGER, tcc REAL, tables INTEGER, reasons TEXT
);

CREATE TABLE god_files (
    name TEXT, path TEXT REFERENCES files (path), line INTEGER, end_line INTEGER, lines INTEGER, methods INTEGER, fields INTEGER,
    public INTEGER, coupling INTEGER, wmc INTEGER, atfd INTEGER, tcc REAL, tables INTEGER, reasons TEXT
);

CREATE TABLE god_modules (name TEXT REFERENCES modules (name), afferent INTEGER, efferent INTEGER, lines INTEGER, reasons TEXT);

CREATE TABLE god_tables (
    name TEXT, score INTEGER, columns INTEGER, accessor_modules INTEGER, writer_modules INTEGER, discriminator TEXT, reasons TEXT
);

-- Tables that are one to whoever thinks about them: a thing and the tables that hold its attributes.
CREATE TABLE table_families (base TEXT, kind TEXT, attributes TEXT);
CREATE TABLE table_family_members (
    base TEXT, kind TEXT, table_name TEXT, entity_column TEXT, attribute_column TEXT, value_column TEXT
);

-- Where a table could be split: by columns that one module alone names, or by kinds of rows. names is a list of columns or of
-- values of column_name; modules says how often each module names one.
CREATE TABLE table_splits (id INTEGER PRIMARY KEY, table_name TEXT, kind TEXT, column_name TEXT);
CREATE TABLE table_split_parts (split INTEGER REFERENCES table_splits (id), part INTEGER, names TEXT, modules TEXT);

-- What the code names and nobody could find, and why.
CREATE TABLE unresolved (path TEXT REFERENCES files (path), line INTEGER, kind TEXT, text TEXT, reason TEXT);
CREATE TABLE problems (path TEXT, line INTEGER, severity TEXT, message TEXT);
