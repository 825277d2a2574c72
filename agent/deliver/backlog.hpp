// SPDX-License-Identifier: Apache-2.0
// Backlog: what an outbox has still to bring. All of it is in the spool and the next of it in
// memory too; what the disk refuses is in memory alone, behind all that the spool has, until the
// disk takes it.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include "deliver/lineup.hpp"
#include "deliver/spool.hpp"

namespace tapwarden {

class Backlog {
 public:
  /// `queue`: records in memory, half of it for those that the disk refuses. Throws as Spool does.
  Backlog(std::filesystem::path directory, const SpoolSettings& settings, size_t queue,
          std::shared_ptr<Forcer> forcer);

  void take(const Record& record);
  /// Tries to bring to the spool what it refused, in order.
  void store();
  /// From the spool into the lineup, and behind its last what it refused. Whether there was any.
  bool load();
  bool is_wanting() const { return !refused_.empty() || !kept_.empty() || !all_loaded_; }

  /// Whether the disk refused the record that was last to be written there.
  bool is_refused() const { return is_refused_; }

  /// False where the spool gave it up meanwhile, and counted it.
  bool waits(Lineup::Ticket ticket);
  void finish(Lineup::Ticket ticket);
  /// False where the disk does not keep it: it waits on.
  bool set_aside(Lineup::Ticket ticket, std::string_view reason);

  Lineup& lineup() { return lineup_; }
  Spool& spool() { return spool_; }
  const Spool& spool() const { return spool_; }
  size_t waiting() const { return spool_.waiting() + refused_.size() + kept_.size(); }
  std::optional<Timestamp> oldest() const;
  uint64_t lost() const { return lost_; }  ///< neither spool nor memory had room

 private:
  std::optional<SpoolPosition> append(const Record& record);
  void enter(Record record, SpoolPosition position);
  void keep(const Record& record);
  void erase(Lineup::Ticket ticket);
  size_t spooled() const { return lineup_.count() - refused_.size(); }

  Spool spool_;
  size_t queue_ = 0;
  Lineup lineup_;
  std::set<Lineup::Ticket> refused_;  // of the lineup, those that are not on disk: its last ones
  std::deque<Record> kept_;           // refused too, behind all that the spool has
  size_t refused_size_ = 0;           // octets of the lines of both
  SpoolPosition loaded_ = 0;          // up to here the spool's records are, or were, in the lineup
  bool all_loaded_ = false;           // and there are none behind it
  bool is_refused_ = false;
  uint64_t lost_ = 0;
};

}  // namespace tapwarden
