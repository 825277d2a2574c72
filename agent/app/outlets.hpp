// SPDX-License-Identifier: Apache-2.0
// Outlets: all the places that records go to from the daemon: the alerts' file, standard output and
// the configured outputs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
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
  Outlets(boost::asio::io_context& loop, const config::Settings& settings, OnHealth on_health);

  void send(const Record& record);
  bool take_devices() const;  ///< whether an output takes of what a snapshot has
  /// SIGHUP: files are opened by their names again.
  void reopen();
  /// At the end of each round of the loop: what must be on the disk is.
  void sync();
  /// Before the end: what can be written now is, for a while; the rest is kept for the next run.
  void finish();
  /// What went wrong, for the summary.
  void add_to(Summary& summary) const;
  /// How each of them fares, for operators: objects with "name", "type", "status" and "error".
  boost::json::array status() const;

 private:
  void retry();
  void await_retry();

  boost::asio::io_context& loop_;
  OnHealth on_health_;
  std::vector<std::unique_ptr<Outbox>> outputs_;
  std::vector<std::unique_ptr<FileSink>> files_;
  boost::asio::steady_timer retry_timer_;
  bool is_retrying_ = false;
};

}  // namespace tapwarden
