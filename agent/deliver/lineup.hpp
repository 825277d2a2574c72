// SPDX-License-Identifier: Apache-2.0
// Lineup: the records that an outbox has in memory, in the order in which they came. Of each key
// only the first can be had; the next steps forward when that one is gone.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "deliver/record.hpp"
#include "deliver/spool.hpp"

namespace tapwarden {

class Lineup {
 public:
  using Clock = std::chrono::steady_clock;
  using Ticket = uint64_t;  ///< from 1 on, in order

  struct Item {
    Record record;
    std::optional<SpoolPosition> position;   ///< none: it is in memory alone
    unsigned attempts = 0;                   ///< to deliver it
    unsigned own_failures = 0;               ///< while the sink took others
    unsigned rests = 0;                      ///< until now
    bool goes_alone = false;                 ///< it failed alone: batches may fail by it
    bool is_to_blame = false;                ///< and did again where others had been taken
    std::optional<uint64_t> last_failure{};  ///< how many batches had been taken until then
    Ticket behind = 0;                       ///< the next of its key
  };

  Ticket push(Record record, std::optional<SpoolPosition> position);
  void erase(Ticket ticket);
  Item& at(Ticket ticket) { return items_.at(ticket); }
  const Item& at(Ticket ticket) const { return items_.at(ticket); }

  /// The first from there on whose turn it is and who does not rest; 0 is none.
  Ticket ready(Ticket from) const;
  void rest(Ticket ticket, Clock::time_point until);
  void wake(Clock::time_point now);  ///< those who have rested until then
  std::optional<Clock::time_point> next_wake() const;

  size_t count() const { return items_.size(); }
  size_t size() const { return size_; }  ///< octets of their lines

 private:
  std::map<Ticket, Item> items_;
  std::unordered_map<std::string, Ticket> last_of_key_;
  std::set<Ticket> ready_;
  std::set<std::pair<Clock::time_point, Ticket>> resting_;
  Ticket last_ = 0;
  size_t size_ = 0;
};

}  // namespace tapwarden
