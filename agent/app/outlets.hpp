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
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "deliver/deliveries.hpp"
#include "deliver/file_sink.hpp"
#include "deliver/orphans.hpp"
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
  /// Spools that earlier runs left and no output brings are told of.
  void tell_orphans();
  /// SIGHUP: files are opened by their names again. Where one cannot be used that is told.
  void reopen();
  /// Before the end: what can be written now is, for a while; the rest is kept for the next run.
  void finish();
  /// Once every few seconds: an output that lost records since, or set some aside, is told of.
  void tick();
  /// What became of their records in earlier runs, by name: it is counted on.
  void resume(const std::map<std::string, Deliveries>& before);
  /// In all runs, by name.
  std::map<std::string, Deliveries> deliveries() const;
  /// What went wrong, for the summary.
  void add_to(Summary& summary) const;
  /// How each of them fares, for operators: objects with "name", "type", "status" and "error", and
  /// those of `outputs:` with what waits and with what became of the rest; then the spools that no
  /// output brings, with what waits there.
  boost::json::array status() const;

 private:
  using Clock = std::chrono::steady_clock;

  /// A count of this run whose growth is told: at once, then together and ever more seldom, since
  /// that word may come to the same end as what it tells of.
  class Growth {
   public:
    bool is_to_tell(uint64_t count, Clock::time_point now);
    bool is_told() const { return told_at_.has_value(); }
    bool is_over(Clock::time_point now) const { return told_at_ && now - *told_at_ >= pause_; }
    void end() { told_at_.reset(); }
    uint64_t told() const { return told_; }

   private:
    uint64_t told_ = 0;
    std::optional<Clock::time_point> told_at_;  // none while all is well
    Clock::duration pause_{};
  };

  struct Outlet {
    std::string name;
    std::string type;
    std::unique_ptr<Outbox> outbox;
    Deliveries before{};  // in earlier runs
    Growth losses{};
    Growth set_aside{};
    uint64_t delivered = 0;      // when it was told of what is set aside
    std::string reopen_error{};  // why its files are not the new ones
  };

  void watch(Outlet& outlet);
  void watch_losses(Outlet& outlet, const Outbox::Status& status);
  void watch_set_aside(Outlet& outlet, const Outbox::Status& status);
  static std::string trouble(const Outlet& outlet, const Outbox::Status& status);
  void retry();
  void await_retry();

  boost::asio::io_context& loop_;
  OnHealth on_health_;
  std::vector<Outlet> outputs_;
  std::vector<Orphan> orphans_;
  std::vector<std::unique_ptr<FileSink>> files_;
  boost::asio::steady_timer retry_timer_;
  bool is_retrying_ = false;
};

}  // namespace tapwarden
