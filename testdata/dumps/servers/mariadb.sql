-- Every construct that a dump of MariaDB may hold; loaded by the real server in tests/servers.rs.
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `customers` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `mail` varchar(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'a;b\'c' COMMENT 'it''s; a "mail"',
  `kind` enum('new','old','it''s') NOT NULL DEFAULT 'new',
  `flags` set('a','b') DEFAULT NULL,
  `picture` longblob,
  `seen` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  `key` varchar(5) /* ; a comment, with ( */ DEFAULT NULL, -- and ' another
  `doubled` int GENERATED ALWAYS AS (`id` + 1) VIRTUAL,
  `price` decimal(10,2) DEFAULT (1 + 2),
  PRIMARY KEY USING BTREE (`id`),
  UNIQUE KEY `by_mail` (`mail`),
  UNIQUE (`kind`, `key`),
  KEY `by_key` (`key`(2), `seen` DESC),
  FULLTEXT KEY `words` (`mail`),
  CHECK (`price` > 0)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='people; who buy';
CREATE TABLE orders (
  id serial,
  customer int unsigned,
  place int unsigned NOT NULL REFERENCES customers (id),
  total double precision,
  primary key (id, place),
  constraint by_customer foreign key (customer) references customers (id) on delete set null on update cascade
);
CREATE TABLE `log` (
  `at` date NOT NULL,
  `what` text
) ENGINE=MyISAM
PARTITION BY RANGE (YEAR(`at`)) (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE `copy` LIKE `customers`;
CREATE TABLE IF NOT EXISTS `copy` (`nothing` int);
CREATE TABLE moved (a int, b int, c int, d int);
ALTER TABLE moved ADD COLUMN e int AFTER a, ADD (f int, g int), DROP COLUMN c, CHANGE b b2 varchar(9) NOT NULL, MODIFY a bigint NOT NULL;
ALTER TABLE moved ADD PRIMARY KEY (a), ADD UNIQUE INDEX two (d, e), RENAME TO `moved away`;
CREATE UNIQUE INDEX one ON `moved away` (f);
CREATE TABLE gone (x int);
DROP TABLE IF EXISTS gone, never_there;
CREATE TABLE old_name (x int PRIMARY KEY);
RENAME TABLE old_name TO `new;name`;
CREATE OR REPLACE VIEW `open_orders` AS SELECT o.id, c.mail FROM orders o JOIN customers c ON c.id = o.customer;
DELIMITER ;;
CREATE TRIGGER seen_it AFTER INSERT ON orders FOR EACH ROW BEGIN
  UPDATE customers SET seen = now() WHERE id = NEW.customer;
  IF NEW.total > 1 THEN INSERT INTO log VALUES (now(), 'CREATE TABLE no (x int);'); END IF;
END ;;
CREATE PROCEDURE tidy(IN days INT) COMMENT 'a;b'
BEGIN
  DECLARE x INT DEFAULT CASE WHEN days = 1 THEN 2 ELSE 3 END;
  CREATE TEMPORARY TABLE scratch (y int);
  WHILE x > 0 DO SET x = x - 1; END WHILE;
END ;;
DELIMITER ;
CREATE FUNCTION plus_one(x INT) RETURNS INT DETERMINISTIC RETURN x + 1;
INSERT INTO customers (mail, kind, picture) VALUES ('x''); CREATE TABLE no2 (y int); --', 'old', x'00ff27'), ('y\\', 'new', '\0\'');
INSERT INTO log VALUES ('2001-01-01', 'two
CREATE TABLE no3 (z int);');
