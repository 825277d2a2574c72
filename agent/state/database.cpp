// SPDX-License-Identifier: Apache-2.0
#include "state/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>

namespace tapwarden {

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database::Database(const std::filesystem::path& file, std::span<const char* const> migrations,
                   std::chrono::milliseconds busy_timeout)
    : file_(file) {
  // What is on the network is nobody's business; SQLite gives its other files the mode of this one.
  ::close(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  sqlite3* opened = nullptr;
  int code =
      sqlite3_open_v2(file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) refuse(code);
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, static_cast<int>(busy_timeout.count()));
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
      "PRAGMA journal_size_limit = 67108864");
  migrate(migrations);
}

Database::~Database() = default;

void Database::refuse(int code) const {
  int primary = code & 0xff;
  std::string why = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
  throw DatabaseError(fmt::format("{}: {}", file_.string(), why),
                      primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB);
}

void Database::check_file() {
  int has_moved = 0;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  if (has_moved != 0)
    throw DatabaseError(fmt::format("{}: somebody has removed it", file_.string()), false);
  // Through SQLite's own descriptor: closing another one would give up its locks.
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  constexpr std::string_view magic("SQLite format 3\0", 16);
  std::array<char, magic.size()> head{};
  int code = file->pMethods->xRead(file, head.data(), static_cast<int>(head.size()), 0);
  bool is_read = code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ;
  if (is_read && std::string_view(head.data(), head.size()) != magic)
    throw DatabaseError(fmt::format("{}: somebody has overwritten it", file_.string()), true);
}

void Database::run(const char* statements) {
  int code = sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) refuse(code);
}

void Database::roll_back() noexcept {
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Database::migrate(std::span<const char* const> migrations) {
  Statement asked = prepare("PRAGMA user_version");
  asked.step();
  int64_t stored = asked.number(0);
  asked.step();
  if (stored < 0 || static_cast<size_t>(stored) > migrations.size()) {
    throw DatabaseError(
        fmt::format("{}: made by {} version: its schema is {}, the newest known is {}",
                    file_.string(), stored < 0 ? "no" : "a newer", stored, migrations.size()),
        false);
  }
  for (auto version = static_cast<size_t>(stored); version < migrations.size(); ++version) {
    in_transaction([&] {
      run(migrations[version]);
      run(fmt::format("PRAGMA user_version = {}", version + 1).c_str());
    });
  }
}

Statement Database::prepare(std::string_view statement) {
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(database_.get(), statement.data(),
                                static_cast<int>(statement.size()), &prepared, nullptr);
  if (code != SQLITE_OK) refuse(code);
  return {*this, prepared};
}

Statement::Statement(Database& database, sqlite3_stmt* statement)
    : database_(&database), statement_(statement) {}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->refuse(code);
}

Statement& Statement::operator<<(std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data() == nullptr ? "" : text.data(),
                            text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::operator<<(int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::operator<<(double number) {
  check(sqlite3_bind_double(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::operator<<(std::nullptr_t) {
  check(sqlite3_bind_null(statement_.get(), ++bound_));
  return *this;
}

bool Statement::step() {
  int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  bound_ = 0;
  int reset = sqlite3_reset(statement_.get());
  if (code != SQLITE_DONE) database_->refuse(reset == SQLITE_OK ? code : reset);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::string Statement::text(int column) const {
  const void* start = sqlite3_column_blob(statement_.get(), column);
  auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return start == nullptr ? std::string() : std::string(static_cast<const char*>(start), size);
}

int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace tapwarden
