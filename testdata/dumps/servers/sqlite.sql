-- Every construct that a dump of SQLite may hold; loaded by the real program in tests/servers.rs.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE customers (
  [id] INTEGER PRIMARY KEY AUTOINCREMENT,
  'mail' TEXT NOT NULL DEFAULT 'a;b' UNIQUE,
  untyped,
  key text COLLATE NOCASE,
  `index` VARYING CHARACTER(255) CHECK (`index` <> 'x;('),
  "the ""best""" DOUBLE PRECISION DEFAULT -1.5,
  twice INT GENERATED ALWAYS AS (key * 2) STORED
);
CREATE TABLE pairs (a INT, b INT, c REFERENCES customers(id) ON DELETE CASCADE, PRIMARY KEY (a, b), UNIQUE (b, c),
  CONSTRAINT both FOREIGN KEY (a) REFERENCES customers) WITHOUT ROWID;
CREATE TABLE "moved" (x int, y int);
ALTER TABLE moved ADD COLUMN z text DEFAULT 'q';
ALTER TABLE moved RENAME COLUMN y TO w;
ALTER TABLE moved RENAME TO away;
CREATE TABLE gone (x int);
DROP TABLE gone;
CREATE UNIQUE INDEX by_x ON away (x DESC);
CREATE VIEW v AS SELECT a FROM pairs;
CREATE TRIGGER customers_ai AFTER INSERT ON customers WHEN new.id > 0 BEGIN
  UPDATE pairs SET a = CASE WHEN b = 1 THEN 2 END;
  DELETE FROM pairs WHERE a = new.id;
END;
INSERT INTO customers (mail) VALUES ('it''s
CREATE TABLE no (x int);');
COMMIT;
