// SPDX-License-Identifier: Apache-2.0
#include "state/writer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <system_error>
#include <utility>

#include "core/directories.hpp"

namespace tapwarden {

namespace {

std::string move_aside(const std::filesystem::path& file) {
  std::filesystem::path aside;
  for (int i = 1; aside.empty() || std::filesystem::exists(aside); ++i)
    aside = fmt::format("{}.damaged-{}", file.string(), i);
  std::filesystem::rename(file, aside);
  for (const char* companion : {"-wal", "-shm"}) {
    std::error_code absent;
    std::filesystem::rename(file.string() + companion, aside.string() + companion, absent);
  }
  return aside.string();
}

}  // namespace

std::unique_ptr<Store> open_store(const std::filesystem::path& file, std::string& moved) {
  try {
    return std::make_unique<Store>(file);
  } catch (const DatabaseError& error) {
    if (!error.is_damaged()) throw;
  }
  moved = move_aside(file);
  return std::make_unique<Store>(file);
}

Writer::Writer(std::filesystem::path file, std::unique_ptr<Store> store,
               std::shared_ptr<Forcer> forcer, OnHealth on_health)
    : file_(std::move(file)),
      store_(std::move(store)),
      forcer_(std::move(forcer)),
      on_health_(std::move(on_health)) {
  if (!store_) next_attempt_ = std::chrono::steady_clock::now() + retry_pause;
  thread_ = std::thread([this] { write(); });
}

Writer::~Writer() {
  commit();
  {
    std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Writer::commit() {
  if (batch_.empty() && !forcer_->is_wanted()) return;
  {
    std::lock_guard lock(mutex_);
    is_due_ = true;
    if (waiting_.size() >= works_max) {
      is_behind_ = true;
      waiting_.clear();
    }
    waiting_.insert(waiting_.end(), std::move_iterator(batch_.begin()),
                    std::move_iterator(batch_.end()));
  }
  batch_.clear();
  changed_.notify_one();
}

void Writer::write() {
  std::unique_lock lock(mutex_);
  while (is_due_ || !is_ending_) {
    auto is_due = [&] { return is_ending_ || is_due_; };
    if (store_)
      changed_.wait(lock, is_due);
    else
      changed_.wait_until(lock, next_attempt_, is_due);
    is_due_ = false;
    Batch batch = std::exchange(waiting_, {});
    bool is_behind = std::exchange(is_behind_, false);
    bool is_ending = is_ending_;
    lock.unlock();
    forcer_->force();
    if (store_ && is_behind)
      fail("it does not keep up", false);
    else if (store_ && !batch.empty())
      write_batch(batch);
    else if (!store_ && !is_ending && std::chrono::steady_clock::now() >= next_attempt_)
      try_again();
    batch.clear();  // here, since somebody may be told when it goes
    lock.lock();
  }
}

void Writer::write_batch(const Batch& batch) {
  try {
    store_->check_file();
    store_->in_transaction([&] {
      for (const Work& work : batch) work(*store_);
    });
  } catch (const DatabaseError& error) {
    fail(error.what(), error.is_damaged());
  } catch (const std::exception& error) {  // whatever a file may hold that somebody has touched
    fail(error.what(), false);
  }
}

void Writer::fail(const std::string& error, bool is_damaged) {
  store_.reset();
  next_attempt_ = std::chrono::steady_clock::now() + retry_pause;
  std::string what = error;
  if (is_damaged) {
    try {
      what += ", moved to " + move_aside(file_);
    } catch (const std::filesystem::filesystem_error& refused) {
      what += fmt::format(", and cannot be moved aside: {}", refused.code().message());
    }
  }
  on_health_(what);
}

void Writer::try_again() {
  next_attempt_ = std::chrono::steady_clock::now() + retry_pause;
  try {
    make_directories(file_.parent_path());
    std::string moved;
    store_ = open_store(file_, moved);
    store_->prove();
    on_health_({});
  } catch (const DatabaseError&) {
    store_.reset();  // it was told why; the next attempt comes
  } catch (const std::system_error&) {
    store_.reset();
  }
}

}  // namespace tapwarden
