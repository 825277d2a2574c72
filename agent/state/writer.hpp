// SPDX-License-Identifier: Apache-2.0
// Writer: the thread that writes the state, so that a slow disk or a locked database delays nobody.
// When the database fails it says so, forgets what waits, and tries to open it again until it is
// well.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "state/store.hpp"

namespace tapwarden {

/// Opens the store. A database that is damaged is moved aside under another name, which `moved`
/// then holds, and a new one is made. Throws DatabaseError for what else is wrong.
std::unique_ptr<Store> open_store(const std::filesystem::path& file, std::string& moved);

class Writer {
 public:
  using Work = std::function<void(Store&)>;
  /// Called on the writer's thread: why it cannot write, or empty when it can again. In both cases
  /// what was handed over before may be lost, and all must be handed over anew once it can.
  using OnHealth = std::function<void(std::string error)>;

  static constexpr size_t batches_max = 1024;  ///< more waiting is a database that fails
  static constexpr std::chrono::seconds retry_pause{5};

  /// `store` is null where it could not be opened: it is then tried again.
  Writer(std::filesystem::path file, std::unique_ptr<Store> store, OnHealth on_health);
  /// Writes what waits, or gives it up after a second of trying.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void add(Work work) { batch_.push_back(std::move(work)); }
  /// What was added since the last commit is written in one transaction, in its turn.
  void commit();

 private:
  using Batch = std::vector<Work>;

  void write();
  void write_batch(const Batch& batch);
  void fail(const std::string& error, bool is_damaged);
  void try_again();

  std::filesystem::path file_;
  std::unique_ptr<Store> store_;
  OnHealth on_health_;
  Batch batch_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> batches_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace tapwarden
