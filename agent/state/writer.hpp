// SPDX-License-Identifier: Apache-2.0
// Writer: the thread that waits for the disk, so that a slow one, or a locked database, delays
// nobody else. It writes the state, and before that forces what the state may say was told. When
// the database fails it says so, forgets what waits, and tries to open it again until it is well.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "deliver/forcer.hpp"
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

  static constexpr size_t works_max = 1 << 17;  ///< more waiting is a database that fails
  static constexpr std::chrono::seconds retry_pause{5};

  /// `store` is null where it could not be opened: it is then tried again.
  Writer(std::filesystem::path file, std::unique_ptr<Store> store, std::shared_ptr<Forcer> forcer,
         OnHealth on_health);
  /// Writes what waits, or gives it up where somebody else does not let go of the database: after
  /// half a second.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void add(Work work) { batch_.push_back(std::move(work)); }
  /// What was added since the last commit is written in one transaction, with what other commits
  /// wait, once all that the forcer was given is on the disk.
  void commit();

 private:
  using Batch = std::vector<Work>;

  void write();
  void write_batch(const Batch& batch);
  void fail(const std::string& error, bool is_damaged);
  void try_again();

  std::filesystem::path file_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<Forcer> forcer_;
  OnHealth on_health_;
  Batch batch_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  bool is_due_ = false;     // something was committed
  bool is_behind_ = false;  // and too much waited already
  bool is_ending_ = false;
  std::chrono::steady_clock::time_point next_attempt_{};  // to open the database
  std::thread thread_;
};

}  // namespace tapwarden
