// SPDX-License-Identifier: Apache-2.0
// Daemon: a thread for each tap, and one loop, on one thread, that owns all state and all output.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "app/bounds.hpp"
#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/control_socket.hpp"
#include "app/memory.hpp"
#include "app/operations.hpp"
#include "app/outlets.hpp"
#include "app/setup.hpp"
#include "app/snapshot.hpp"
#include "app/tap_thread.hpp"
#include "state/lock.hpp"

namespace tapwarden {

class Daemon {
 public:
  /// Opens taps, files and state; throws what the environment refuses.
  Daemon(Setup& setup, const Common& common);

  /// Until SIGTERM or SIGINT.
  void operator()();

 private:
  void await_signal();
  void await_observations();
  void await_tick();
  void await_snapshot();

  void drain();
  void take(const Observation& observation);
  void watch_clock();
  void watch_taps();
  void tick();
  void judge_by_day();
  void save_deliveries();
  void happened(const Alert& alert, const AlertEvent& event, const Device* device);
  void send(const std::vector<Digest>& digests);
  void tell(const Health& health);

  void open_socket();
  void ask_taps(Operations::OnTaps on_taps);
  Summary summary() const;
  bool wants_snapshots() const;
  void begin_snapshot();
  bool send_snapshot();
  void await_rest_of_snapshot();
  void reopen_files();
  void stop();

  Setup& setup_;
  const Common& common_;
  StateLock lock_;  // before anything in that directory is opened
  boost::asio::io_context loop_{1};
  boost::asio::posix::stream_descriptor wake_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer snapshot_timer_;
  boost::asio::steady_timer flush_timer_;
  Names names_;
  std::shared_ptr<Forcer> forcer_ = std::make_shared<Forcer>();
  Outlets outlets_;
  Storm storm_;
  Control control_;
  Memory memory_;
  Bounds bounds_;
  std::optional<Snapshot> snapshot_;  // under way
  Operations operations_;
  std::unique_ptr<ControlSocket> socket_;
  std::vector<std::unique_ptr<TapThread>> taps_;
  Timestamp wall_;  // when the clocks were last compared
  std::chrono::steady_clock::time_point steady_;
  std::chrono::steady_clock::time_point alerts_ticked_{};
  std::chrono::milliseconds alerts_tick_{};
  Date day_ = today();
  std::vector<HostKey> unjudged_;  // since that day began
};

}  // namespace tapwarden
