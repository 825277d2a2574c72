// SPDX-License-Identifier: Apache-2.0
#include "state/writer.hpp"

#include <fmt/format.h>

#include <utility>

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

Writer::Writer(std::filesystem::path file, std::unique_ptr<Store> store, OnHealth on_health)
    : file_(std::move(file)), store_(std::move(store)), on_health_(std::move(on_health)) {
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
  if (batch_.empty()) return;
  {
    std::lock_guard lock(mutex_);
    batches_.push_back(std::exchange(batch_, {}));
  }
  changed_.notify_one();
}

void Writer::write() {
  std::unique_lock lock(mutex_);
  while (true) {
    auto is_due = [&] { return is_ending_ || (store_ && !batches_.empty()); };
    if (store_)
      changed_.wait(lock, is_due);
    else
      changed_.wait_for(lock, retry_pause, [&] { return is_ending_; });
    if (!store_ || batches_.size() > batches_max) {
      bool is_behind = store_ != nullptr;
      batches_.clear();
      if (is_ending_) return;
      lock.unlock();
      is_behind ? fail("it does not keep up", false) : try_again();
      lock.lock();
      continue;
    }
    if (batches_.empty()) return;  // is ending
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    lock.unlock();
    write_batch(batch);
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
  }
}

void Writer::fail(const std::string& error, bool is_damaged) {
  store_.reset();
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
  try {
    std::filesystem::create_directories(file_.parent_path());
    std::string moved;
    store_ = open_store(file_, moved);
    store_->prove();
    on_health_({});
  } catch (const DatabaseError&) {
    store_.reset();  // it was told why; the next attempt comes
  } catch (const std::filesystem::filesystem_error&) {
    store_.reset();
  }
}

}  // namespace tapwarden
