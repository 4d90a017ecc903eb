-- What databases that nobody made with migrations hold; a statement a line.
CREATE TABLE "Customer Group" (id INTEGER PRIMARY KEY, "class" VARCHAR(20) NOT NULL, "2nd name" TEXT, "100%" INTEGER, "it's" TEXT DEFAULT 'it''s');
CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, email VARCHAR(200) NOT NULL, status VARCHAR(20) DEFAULT 'new' NOT NULL CHECK (status IN ('new','old')), is_active BOOLEAN DEFAULT 1 NOT NULL CHECK (is_active IN (0, 1)), flag INTEGER CHECK (flag IN (0, 1)), parent_id INTEGER REFERENCES customers (id) ON DELETE SET NULL, group_id INTEGER, balance NUMERIC(10, 2) DEFAULT 0 NOT NULL, ratio FLOAT, created DATETIME DEFAULT CURRENT_TIMESTAMP, doubled NUMERIC GENERATED ALWAYS AS (balance * 2) STORED, virt INTEGER GENERATED ALWAYS AS (flag + 1) VIRTUAL, CONSTRAINT uq_email UNIQUE (email), CONSTRAINT positive CHECK (balance >= 0), FOREIGN KEY (group_id) REFERENCES "Customer Group" (id));
CREATE INDEX ix_customers_status ON customers (status);
CREATE UNIQUE INDEX lower_email ON customers (lower(email));
CREATE INDEX active_ones ON customers (email) WHERE is_active = 1;
CREATE INDEX by_created ON customers (created DESC, email);
CREATE TABLE orders (customer_id INTEGER NOT NULL, number INTEGER NOT NULL, note TEXT, blobby BLOB, d DATE, payload JSON, PRIMARY KEY (customer_id, number), CONSTRAINT fk_c FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, number INTEGER NOT NULL, qty SMALLINT NOT NULL DEFAULT '1', big BIGINT, UNIQUE (customer_id, number, qty), FOREIGN KEY (customer_id, number) REFERENCES orders (customer_id, number));
CREATE TABLE no_key (a INTEGER, b TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE customer_tags (customer_id INTEGER NOT NULL REFERENCES customers(id), tag_id INTEGER NOT NULL REFERENCES tags(id), PRIMARY KEY (customer_id, tag_id));
CREATE TABLE profiles (customer_id INTEGER PRIMARY KEY REFERENCES customers(id), bio TEXT, metadata TEXT, registry TEXT);
CREATE VIEW active_customers AS SELECT id, email FROM customers WHERE is_active;
