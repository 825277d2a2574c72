-- SPDX-License-Identifier: Apache-2.0
-- What Tapwarden's output of type clickhouse fills when its option "column" is "record": one row for each record, the whole
-- of it in that column. What is told twice bears the same id, and falls into one row when ClickHouse merges; FINAL does so
-- at once.
CREATE TABLE tapwarden
(
    id       String,
    key      String,   -- the device
    kind     String,
    severity String,
    time     DateTime('UTC'),
    record   String
)
ENGINE = ReplacingMergeTree
ORDER BY (kind, id)
