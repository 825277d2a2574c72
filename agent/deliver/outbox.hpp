// SPDX-License-Identifier: Apache-2.0
// Outbox: one output. It takes what its filter lets through, keeps it in its spool until its sink
// has brought it there, tries again with growing pauses and sets aside what nobody takes.
//
// A batch has one record of a key at most, the oldest: the next is sent when that one is delivered
// or set aside, while those of other keys go on. Records without a key have no order among each
// other. Where a whole batch is to be tried again the output pauses; a record that fails while
// others are taken pauses alone, and one by which whole batches fail goes alone from then on.
// Pauses go by the steady clock, which nobody sets.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "deliver/filter.hpp"
#include "deliver/format.hpp"
#include "deliver/sink.hpp"
#include "deliver/spool.hpp"

namespace tapwarden {

struct OutboxSettings {
  std::string name;
  Filter filter;
  RecordFormat format = RecordFormat::json;
  size_t queue = 10000;  ///< records kept in memory, 1 to 1000000, half of it for those that the
                         ///< disk refuses; the spool has all others
  SpoolSettings spool;
  std::chrono::milliseconds retry_min = std::chrono::seconds(1);  ///< the first pause; doubled each
                                                                  ///< time, give or take a fifth
  std::chrono::milliseconds retry_max = std::chrono::minutes(5);
  unsigned attempts_max = 0;  ///< of one record that the sink answers for by itself, then it is set
                              ///< aside; 0: no bound
  /// After this long without an answer the output is said to fail. The sink is still not called
  /// again before it has answered, and then its answer counts: nothing is sent twice.
  std::chrono::milliseconds answer_max = std::chrono::minutes(5);
  /// An output or a disk that failed is said to be well when it was for so long, at first.
  std::chrono::milliseconds calm = std::chrono::seconds(10);

  bool operator==(const OutboxSettings&) const = default;
};

class Outbox {
 public:
  struct Counters {
    uint64_t taken = 0;
    uint64_t delivered = 0;
    uint64_t retried = 0;    ///< attempts that were not the first
    uint64_t set_aside = 0;  ///< poisoned, tried too often, or without an encoding
    uint64_t lost = 0;       ///< neither spool nor memory had room
  };
  struct Status {
    std::string name;
    Counters counters;
    Spool::Counters spool;
    size_t waiting = 0;
    std::chrono::milliseconds lag{};  ///< age of the oldest record that waits
    std::string error;      ///< why an attempt failed last; empty once it is said to be well
    std::string set_aside;  ///< why the last that was set aside was
  };
  /// Told when deliveries begin to fail and when they have succeeded for a while: name and error.
  using OnHealth = std::function<void(const std::string& name, const std::string& error)>;

  /// `directory` is the spool's own; `forcer` is given what the settings want on the disk. Throws
  /// as Spool does.
  Outbox(boost::asio::any_io_executor loop, OutboxSettings settings,
         std::filesystem::path directory, std::unique_ptr<Sink> sink, OnHealth on_health,
         std::shared_ptr<Forcer> forcer = std::make_shared<Forcer>());
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// `on_spool` is told when the disk begins to refuse records, and when it has taken them for a
  /// while.
  void watch_spool(OnHealth on_spool);

  bool wants(const Record& record) const;  ///< whether the filter takes it
  /// Takes the record if the filter does. It is in the spool when this returns, or in memory where
  /// the disk refuses it.
  void take(const Record& record);
  /// Tries what waits at once, whatever pause is under way: before the end, and on SIGHUP.
  void hurry();
  std::string reopen();  ///< as Sink does

  bool is_idle() const;  ///< nothing waits and nothing is under way
  Status status() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tapwarden
