// SPDX-License-Identifier: Apache-2.0
// The database: versions, and what SQLite refuses.
#include "state/database.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* steps[] = {"CREATE TABLE a(x INTEGER)", "ALTER TABLE a ADD COLUMN y TEXT",
                                 "CREATE TABLE b(z TEXT)"};
using Steps = std::span<const char* const>;

/// What it was refused for; empty where it was not.
template <typename Work>
std::string refusal(Work&& work, bool damaged = false) {
  try {
    work();
  } catch (const DatabaseError& error) {
    CHECK(error.is_damaged() == damaged);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("Database: a file of an older version is brought up to date, once", "[state]") {
  Directory directory;
  auto file = directory.path() / "a.db";
  {
    Database first(file, Steps(steps).first(1), 100ms);
    first.run("INSERT INTO a VALUES(7)");
  }
  for (int i = 0; i < 2; ++i) {
    Database now(file, steps, 100ms);
    Statement row = now.prepare("SELECT x, y FROM a");
    REQUIRE(row.step());
    CHECK(row.number(0) == 7);
    CHECK(row.is_null(1));
    CHECK_FALSE(row.step());
    now.run("INSERT INTO b VALUES('z'); DELETE FROM b");
  }
}

TEST_CASE("Database: its files are for its user and group", "[state]") {
  Directory directory;
  Database database(directory.path() / "a.db", steps, 100ms);
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    INFO(name);
    auto others = std::filesystem::status(directory.path() / name).permissions() &
                  std::filesystem::perms::others_all;
    CHECK(others == std::filesystem::perms::none);
  }
}

TEST_CASE("Database: a step that fails leaves the version before it, whole", "[state]") {
  Directory directory;
  auto file = directory.path() / "a.db";
  constexpr const char* broken[] = {steps[0], "CREATE TABLE b(z TEXT); CREATE TABLE a(x INTEGER)"};
  CHECK(refusal([&] { Database bad(file, broken, 100ms); }).ends_with("table a already exists"));
  Database good(file, steps, 100ms);  // would fail if b were there
  Statement version = good.prepare("PRAGMA user_version");
  REQUIRE(version.step());
  CHECK(version.number(0) == 3);
}

TEST_CASE("Database: a file of a newer version is refused and left as it is", "[state]") {
  Directory directory;
  auto file = directory.path() / "a.db";
  { Database newest(file, steps, 100ms); }
  CHECK(refusal([&] { Database old(file, Steps(steps).first(2), 100ms); }) ==
        file.string() + ": made by a newer version: its schema is 3, the newest known is 2");
  Database again(file, steps, 100ms);
  again.run("PRAGMA user_version = -1");
  CHECK(refusal([&] { Database old(file, steps, 100ms); }) ==
        file.string() + ": made by no version: its schema is -1, the newest known is 3");
}

TEST_CASE("Database: what is no database is damaged", "[state]") {
  Directory directory;
  auto file = directory.write("a.db", std::string(4096, 'x'));
  CHECK(
      refusal([&] { Database bad(file, steps, 100ms); }, true).ends_with("file is not a database"));
}

TEST_CASE("Database: locked is not damaged, and passes", "[state]") {
  Directory directory;
  auto file = directory.path() / "a.db";
  Database one(file, steps, 50ms);
  Database other(file, steps, 50ms);
  one.run("BEGIN IMMEDIATE");
  CHECK(refusal([&] { other.in_transaction([] {}); }).ends_with("database is locked"));
  one.run("COMMIT");
  other.in_transaction([&] { other.run("INSERT INTO b VALUES('z')"); });
}

TEST_CASE("Database: full is not damaged, and undoes the transaction", "[state]") {
  Directory directory;
  Database database(directory.path() / "a.db", steps, 50ms);
  database.run("INSERT INTO b VALUES('kept'); PRAGMA max_page_count = 8");
  Statement insert = database.prepare("INSERT INTO b VALUES(?)");
  CHECK(refusal([&] {
          database.in_transaction([&] {
            for (int i = 0; i < 100; ++i) (insert << std::string(4000, 'x')).run();
          });
        }).ends_with("database or disk is full"));
  Statement count = database.prepare("SELECT count(*) FROM b");
  REQUIRE(count.step());
  CHECK(count.number(0) == 1);
}

TEST_CASE("Database: texts and numbers come back as they were", "[state]") {
  Directory directory;
  Database database(directory.path() / "a.db", steps, 50ms);
  Statement insert = database.prepare("INSERT INTO a VALUES(?, ?)");
  const std::string nul("a\0b'\"\xff", 6);
  (insert << int64_t{-9'000'000'000'000'000'000} << nul).run();
  (insert << nullptr << std::string_view()).run();
  Statement row = database.prepare("SELECT x, y FROM a ORDER BY rowid");
  REQUIRE(row.step());
  CHECK(row.number(0) == -9'000'000'000'000'000'000);
  CHECK(row.text(1) == nul);
  REQUIRE(row.step());
  CHECK(row.is_null(0));
  CHECK_FALSE(row.is_null(1));
  CHECK(row.text(1).empty());
}
