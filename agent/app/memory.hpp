// SPDX-License-Identifier: Apache-2.0
// Memory: brings back at the start what an earlier run knew, and has what changes written down.
// When the state is lost, locked or full, the daemon goes on without and says so.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/control.hpp"
#include "config/settings.hpp"
#include "policy/storm.hpp"
#include "report/health.hpp"
#include "report/names.hpp"
#include "state/writer.hpp"

namespace tapwarden {

class Memory {
 public:
  using OnHealth = std::function<void(const Health&)>;

  static constexpr size_t devices_at_once = 2000;  ///< written in one tick

  /// Without a directory it remembers nothing. Whoever makes it has locked the directory.
  Memory(boost::asio::io_context& loop, const config::Settings& settings, Control& control,
         Names& names, std::shared_ptr<Forcer> forcer, OnHealth on_health);

  /// Restores devices and alerts; events that an earlier run held back go to `storm`, which must
  /// outlive this. Where the state cannot be read yet that is done when it can.
  void restore(Storm& storm);
  /// The alert has changed, and with it its device, which is null where it is not known.
  void save(const Alert& alert, const Device* device);
  void save(const std::string& output, const Deliveries& deliveries);
  /// By output, what became of its records in earlier runs.
  const std::map<std::string, Deliveries>& deliveries() const { return deliveries_; }
  /// The clock was set by so much: as if nobody had listened for so long.
  void shift(std::chrono::nanoseconds time);
  /// Once a second or so: the devices that have changed, and that we live.
  void tick(size_t devices_max = devices_at_once);
  /// At the end of each round of the loop: what was saved is written, when the disk has what
  /// outputs are to tell. Whatever happens between is told again, under the same id, and not lost.
  void commit();
  /// Calls `done` in the loop when all that was saved so far is on the disk, or cannot be.
  void when_saved(std::function<void()> done);
  /// Why nothing is written; empty where it is, or is not meant to be.
  const std::string& trouble() const { return trouble_; }

 private:
  void take(Store::Restored restored);
  void reopened(const std::string& error);
  void restore_late();
  void write_all();
  void tidy();
  bool is_writing() const;
  void tell(bool is_degraded, std::string message);
  void tell_trouble();
  void save(const Alert& alert);
  void save(const Device& device, bool with_claims);
  void save_all_alerts();

  boost::asio::io_context& loop_;
  const config::Settings& settings_;
  Control& control_;
  Names& names_;
  std::shared_ptr<Forcer> forcer_;
  OnHealth on_health_;
  std::shared_ptr<const Names> shared_names_;  // as the writer needs them
  std::unique_ptr<Writer> writer_;
  std::map<std::string, Deliveries> deliveries_;
  Storm* storm_ = nullptr;
  Timestamp started_;
  bool is_restored_ = false;
  std::string trouble_;
  std::chrono::nanoseconds
      idle_{};  // how long nobody listened, ever: what is written is without it
  std::chrono::steady_clock::time_point tidied_{};
};

}  // namespace tapwarden
