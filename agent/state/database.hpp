// SPDX-License-Identifier: Apache-2.0
// Database: the only code that sees SQLite. A file in WAL mode with a schema that carries its
// version and is brought up to date when it is opened.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tapwarden {

/// What SQLite refuses: locked, full, damaged.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& what, bool damaged)
      : std::runtime_error(what), is_damaged_(damaged) {}
  /// The file is no database, or not a whole one: waiting does not help.
  bool is_damaged() const { return is_damaged_; }

 private:
  bool is_damaged_;
};

class Statement;

class Database {
 public:
  /// Opens or makes the file. `migrations[n]` brings a schema of version n to n + 1. Throws
  /// DatabaseError, also for a file of a version that is newer than all of these.
  Database(const std::filesystem::path& file, std::span<const char* const> migrations,
           std::chrono::milliseconds busy_timeout);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Throws DatabaseError where somebody has removed or overwritten the file, which SQLite itself
  /// may not notice before it is too late.
  void check_file();
  void run(const char* statements);
  Statement prepare(std::string_view statement);

  /// Does all of it or nothing.
  template <typename Work>
  void in_transaction(Work&& work) {
    run("BEGIN IMMEDIATE");
    try {
      work();
      run("COMMIT");
    } catch (...) {
      roll_back();
      throw;
    }
  }

 private:
  friend class Statement;
  void migrate(std::span<const char* const> migrations);
  void roll_back() noexcept;
  [[noreturn]] void refuse(int code) const;

  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// One statement: values are bound in the order of its places and read in that of its columns.
class Statement {
 public:
  Statement& operator<<(std::string_view text);
  Statement& operator<<(int64_t number);
  Statement& operator<<(double number);
  Statement& operator<<(std::nullptr_t);

  /// The next row; false after the last one, when it can be bound anew.
  bool step();
  /// For a statement that gives no rows.
  void run();

  std::string text(int column) const;
  int64_t number(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement);
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

}  // namespace tapwarden
