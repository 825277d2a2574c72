// SPDX-License-Identifier: Apache-2.0
// tapwarden run: the daemon. A thread for each tap, one control thread that owns all state and all
// output.
#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include <boost/asio.hpp>
#include <csignal>
#include <memory>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/setup.hpp"
#include "app/tap_thread.hpp"
#include "deliver/file_sink.hpp"
#include "report/order.hpp"
#include "report/records.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto kFlushPause = 250ms;    // a flush that was asked for is through by then
constexpr auto kShutdownMax = 1500ms;  // for the threads to end; the promise is 2 s in all
constexpr auto kRetryPause = 1s;       // between two attempts to write alerts that are kept
constexpr int kBatch = 1024;  // observations taken before timers and signals have their turn

void start_log(const config::Log& settings) {
  spdlog::sink_ptr sink;
  if (settings.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file.string());
  }
  auto logger = std::make_shared<spdlog::logger>("tapwarden", std::move(sink));
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                  spdlog::level::warn, spdlog::level::err};
  logger->set_level(levels[static_cast<size_t>(settings.level)]);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

class Daemon {
 public:
  Daemon(Setup& setup, const std::string& alerts_file)
      : setup_(setup),
        wake_(context_, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        signals_(context_, SIGINT, SIGTERM, SIGHUP),
        snapshot_timer_(context_),
        flush_timer_(context_),
        retry_timer_(context_),
        control_(setup.rules, setup.settings, tap_names(setup.settings),
                 [this](const Alert& alert, const Device& device) { raised(alert, device); }) {
    names_.taps = names_.sources = tap_names(setup.settings);
    if (setup.settings.alerts.to_stdout) sinks_.push_back(std::make_unique<FileSink>("-"));
    if (!alerts_file.empty()) sinks_.push_back(std::make_unique<FileSink>(alerts_file));
    for (const TapSettings& tap : setup.settings.taps) {
      auto index = static_cast<uint16_t>(taps_.size());
      taps_.push_back(
          std::make_unique<TapThread>(tap, index, setup.settings, wake_.native_handle()));
    }
  }

  void operator()() {
    await_signal();
    await_observations();
    snapshot_timer_.expires_after(0s);
    await_snapshot();
    for (const TapSettings& tap : setup_.settings.taps) {
      spdlog::info("listening on {}{}", tap.interface,
                   tap.filter.empty() ? "" : " for " + tap.filter);
    }
    for (auto& tap : taps_) tap->start();
    context_.run();
    stop();
  }

 private:
  static std::vector<std::string> tap_names(const config::Settings& settings) {
    std::vector<std::string> names;
    for (const TapSettings& tap : settings.taps)
      names.push_back(tap.name.empty() ? tap.interface : tap.name);
    return names;
  }

  void await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal != SIGHUP) {
        spdlog::info("{}, ending", signal == SIGINT ? "SIGINT" : "SIGTERM");
        return context_.stop();
      }
      reopen_files();
      await_signal();
    });
  }

  void await_observations() {
    wake_.async_wait(
        asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
          if (error) return;
          uint64_t count = 0;
          [[maybe_unused]] ssize_t taken = ::read(wake_.native_handle(), &count, sizeof count);
          drain();
          await_observations();
        });
  }

  /// Takes a batch from each tap; when there is more, comes back after whatever else waits.
  void drain() {
    bool more = false;
    for (auto& tap : taps_) {
      int taken = 0;
      while (taken < kBatch && tap->take([this](const Observation& o) { control_.observe(o); }))
        ++taken;
      more = more || taken == kBatch;
    }
    if (more) asio::post(context_, [this] { drain(); });
  }

  void await_snapshot() {
    if (setup_.settings.snapshot.file.empty()) return;
    // From the last one's due time, so that the time it takes does not add up.
    snapshot_timer_.expires_at(
        std::max(snapshot_timer_.expiry() + setup_.settings.snapshot.interval,
                 std::chrono::steady_clock::now()));
    snapshot_timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      for (auto& tap : taps_) tap->request_flush();
      flush_timer_.expires_after(kFlushPause);
      flush_timer_.async_wait([this](const boost::system::error_code& late) {
        if (late) return;
        drain();
        write_snapshot();
        await_snapshot();
      });
    });
  }

  Summary summary() const {
    Summary summary;
    for (const auto& tap : taps_) summary.add(tap->summary());
    summary.add(control_.inventory());
    summary.alerts = control_.alerts().size();
    if (control_.alerts().refused() != 0)
      summary.bounds["alerts_refused"] = control_.alerts().refused();
    for (const auto& sink : sinks_) {
      if (sink->failures() != 0) summary.bounds["alert_writes_failed"] += sink->failures();
      if (sink->lost() != 0) summary.bounds["alerts_lost"] += sink->lost();
    }
    return summary;
  }

  void write_snapshot() {
    std::string text;
    for (const Device* device : in_order(control_.inventory())) {
      text += device_record(*device, control_.alerts().hits(*device), names_).line + '\n';
    }
    text += summary_record(summary(), wall_clock()).line + '\n';
    try {
      write_whole(setup_.settings.snapshot.file.string(), text);
    } catch (const std::system_error& error) {
      spdlog::error("snapshot: {}",
                    error.what());  // the next one may succeed; the old file is whole
    }
  }

  void raised(const Alert& alert, const Device& device) {
    Record record = alert_record(alert, device, control_.alerts().hits(device), names_);
    for (auto& sink : sinks_) {
      bool was_behind = sink->is_behind();
      sink->write(record);
      if (!was_behind && sink->is_behind()) {
        spdlog::error("alerts: {}: {}; trying again", name_of(*sink), sink->error());
        if (!std::exchange(is_retrying_, true)) await_retry();
      }
    }
  }

  static std::string_view name_of(const FileSink& sink) {
    return sink.path() == "-" ? "standard output" : std::string_view(sink.path());
  }

  /// While a sink is behind: what it keeps must not wait for the next alert.
  void await_retry() {
    retry_timer_.expires_after(kRetryPause);
    retry_timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      retry();
      is_retrying_ =
          std::ranges::any_of(sinks_, [](const auto& sink) { return sink->is_behind(); });
      if (is_retrying_) await_retry();
    });
  }

  void retry() {
    for (auto& sink : sinks_) {
      if (!sink->is_behind()) continue;
      sink->retry();
      if (!sink->is_behind()) {
        spdlog::info("alerts: {}: written again, {} lost so far", name_of(*sink), sink->lost());
      }
    }
  }

  void reopen_files() {
    spdlog::info("SIGHUP, reopening files");
    for (auto& sink : sinks_) {
      if (!sink->reopen())
        spdlog::error("alerts: {} cannot be reopened; the old file stays", sink->path());
    }
    try {
      start_log(setup_.settings.log);
    } catch (const spdlog::spdlog_ex& error) {
      spdlog::error("log: {}; the old file stays", error.what());
    }
  }

  void stop() {
    for (auto& tap : taps_) tap->stop();
    auto deadline = std::chrono::steady_clock::now() + kShutdownMax;
    auto running = [&] {
      return std::ranges::any_of(taps_, [](const auto& tap) { return !tap->has_ended(); });
    };
    while (running() && std::chrono::steady_clock::now() < deadline) {
      drain();
      std::this_thread::sleep_for(1ms);
    }
    while (std::ranges::any_of(taps_, [this](auto& tap) {
      return tap->take([this](const Observation& o) { control_.observe(o); });
    })) {
    }
    retry();
    for (const auto& sink : sinks_) {
      if (sink->is_behind()) {
        spdlog::error("alerts: {}: {}; ending with alerts unwritten", name_of(*sink),
                      sink->error());
      }
    }
    Summary last = summary();
    spdlog::info("{} packets received, {} dropped, {} devices, {} flagged, {} alerts",
                 last.received, last.dropped, last.devices, last.flagged, last.alerts);
    if (!setup_.settings.snapshot.file.empty()) write_snapshot();
  }

  Setup& setup_;
  asio::io_context context_{1};
  asio::posix::stream_descriptor wake_;
  asio::signal_set signals_;
  asio::steady_timer snapshot_timer_;
  asio::steady_timer flush_timer_;
  asio::steady_timer retry_timer_;
  bool is_retrying_ = false;
  Names names_;
  std::vector<std::unique_ptr<FileSink>> sinks_;
  Control control_;
  std::vector<std::unique_ptr<TapThread>> taps_;
};

}  // namespace

int run(const Common& common, const RunOptions& options) {
  Setup setup = set_up(common);
  config::Settings& settings = setup.settings;
  if (!options.interfaces.empty()) settings.taps.clear();
  for (const std::string& interface : options.interfaces) {
    TapSettings tap;
    tap.interface = tap.name = interface;
    tap.filter = options.filter;
    settings.taps.push_back(std::move(tap));
  }
  if (std::string error = filter_error(options.filter, TapSettings{}.snaplen); !error.empty())
    throw UsageError(fmt::format("--filter \"{}\": {}", options.filter, error));
  if (!options.alerts_file.empty()) settings.alerts.file = options.alerts_file;
  if (!options.snapshot_file.empty()) settings.snapshot.file = options.snapshot_file;
  if (options.snapshot_interval) settings.snapshot.interval = *options.snapshot_interval;
  if (settings.taps.empty())
    throw UsageError("no tap: name an interface with -i, or taps in the configuration");
  start_log(settings.log);
  // A pipe that nobody reads any more is an error of that output, not the end of the agent.
  std::signal(SIGPIPE, SIG_IGN);
  Daemon(setup, settings.alerts.file.string())();
  return kDone;
}

}  // namespace tapwarden
