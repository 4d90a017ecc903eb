-- What databases that nobody made with migrations hold; a statement a line.
CREATE TABLE `Customer Group` (id INT AUTO_INCREMENT PRIMARY KEY, `class` VARCHAR(20) NOT NULL, `2nd name` TEXT, `100%` INT, `it's` VARCHAR(9) DEFAULT 'it''s');
CREATE TABLE customers (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(200) NOT NULL COMMENT 'unique, 100% lower', mood ENUM('sad','ok','it''s') DEFAULT 'ok' NOT NULL, kinds SET('a','b'), status VARCHAR(20) DEFAULT 'new' NOT NULL CHECK (status IN ('new','old')), is_active BOOLEAN DEFAULT 1 NOT NULL, parent_id INT, group_id INT, balance DECIMAL(10, 2) DEFAULT 0 NOT NULL, ratio DOUBLE, r FLOAT, created DATETIME DEFAULT CURRENT_TIMESTAMP, updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, doubled DECIMAL(12,2) GENERATED ALWAYS AS (balance * 2) STORED, virt INT AS (id2 + 1) VIRTUAL, id2 INT UNSIGNED, doc JSON, big BIGINT UNSIGNED, tiny TINYINT, lt LONGTEXT, mb MEDIUMBLOB, y YEAR, dt6 DATETIME(6), bits BIT(3), col VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin, u UUID, CONSTRAINT uq_email UNIQUE (email), CONSTRAINT positive CHECK (balance >= 0), CONSTRAINT parent FOREIGN KEY (parent_id) REFERENCES customers (id) ON DELETE SET NULL, FOREIGN KEY (group_id) REFERENCES `Customer Group` (id)) COMMENT 'People who''ve "bought"';
CREATE INDEX ix_customers_status ON customers (status);
CREATE INDEX by_created ON customers (created DESC, r);
CREATE FULLTEXT INDEX words ON customers (lt);
CREATE TABLE orders (customer_id INT NOT NULL, number INT NOT NULL, note TEXT, d DATE, PRIMARY KEY (customer_id, number), CONSTRAINT fk_c FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE order_lines (id BIGINT AUTO_INCREMENT PRIMARY KEY, customer_id INT NOT NULL, number INT NOT NULL, qty SMALLINT NOT NULL DEFAULT 1, UNIQUE (customer_id, number, qty), FOREIGN KEY (customer_id, number) REFERENCES orders (customer_id, number));
CREATE TABLE no_key (a INT, b TEXT);
CREATE TABLE tags (id INT PRIMARY KEY, name VARCHAR(50) UNIQUE);
CREATE TABLE customer_tags (customer_id INT NOT NULL REFERENCES customers(id), tag_id INT NOT NULL REFERENCES tags(id), PRIMARY KEY (customer_id, tag_id));
CREATE TABLE profiles (customer_id INT PRIMARY KEY REFERENCES customers(id), bio TEXT, metadata TEXT, registry TEXT);
CREATE VIEW active_customers AS SELECT id, email FROM customers WHERE is_active;
