// SPDX-License-Identifier: Apache-2.0
// Outlets: all the places that records go to from the daemon: the alerts' file, standard output and
// the configured outputs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "deliver/deliveries.hpp"
#include "deliver/file_sink.hpp"
#include "deliver/output.hpp"
#include "report/health.hpp"
#include "report/summary.hpp"

namespace tapwarden {

class Outlets {
 public:
  using OnHealth = std::function<void(const Health&)>;

  /// Throws what files and spools throw that cannot be opened, and what sinks throw of settings
  /// that they cannot use.
  Outlets(boost::asio::io_context& loop, const config::Settings& settings,
          std::shared_ptr<Forcer> forcer, OnHealth on_health);

  void send(const Record& record);
  bool take_snapshots() const;  ///< whether an output takes devices or the summary
  /// SIGHUP: files are opened by their names again.
  void reopen();
  /// Before the end: what can be written now is, for a while; the rest is kept for the next run.
  void finish();
  /// Once every few seconds: an output that lost records since is told of.
  void tick();
  /// What became of their records in earlier runs, by name: it is counted on.
  void resume(const std::map<std::string, Deliveries>& before);
  /// In all runs, by name.
  std::map<std::string, Deliveries> deliveries() const;
  /// What went wrong, for the summary.
  void add_to(Summary& summary) const;
  /// How each of them fares, for operators: objects with "name", "type", "status" and "error", and
  /// those of `outputs:` with what waits and with what became of the rest.
  boost::json::array status() const;

 private:
  struct Outlet {
    std::string name;
    std::string type;
    std::unique_ptr<Outbox> outbox;
    Deliveries before{};       // in earlier runs
    uint64_t losses_told = 0;  // of this run
    std::chrono::steady_clock::time_point told{};
  };

  void watch(Outlet& outlet);
  void retry();
  void await_retry();

  boost::asio::io_context& loop_;
  OnHealth on_health_;
  std::vector<Outlet> outputs_;
  std::vector<std::unique_ptr<FileSink>> files_;
  boost::asio::steady_timer retry_timer_;
  bool is_retrying_ = false;
};

}  // namespace tapwarden
