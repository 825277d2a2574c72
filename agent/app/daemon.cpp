// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <csignal>
#include <thread>

#include "app/control_access.hpp"
#include "app/log.hpp"
#include "report/order.hpp"
#include "report/records.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto kFlushPause = 250ms;    // a flush that was asked for is through by then
constexpr auto kShutdownMax = 1500ms;  // for the threads to end; the promise is 2 s in all
constexpr auto kTick = 1s;
constexpr auto kAlertsTickMax = 10s;    // what time brings about is looked for so often
constexpr size_t kJudgedAtOnce = 2000;  // devices
constexpr auto kClockStep = 30s;        // more than a clock is ever off without having been set
constexpr int kBatch = 1024;  // observations taken before timers and signals have their turn

std::string machine_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

Names names_of(const config::Settings& settings) {
  Names names;
  for (const TapSettings& tap : settings.taps)
    names.taps.push_back(tap.name.empty() ? tap.interface : tap.name);
  names.sources = names.taps;
  names.sensor = settings.sensor.name.empty() ? machine_name() : settings.sensor.name;
  return names;
}

}  // namespace

Daemon::Daemon(Setup& setup, const Common& common)
    : setup_(setup),
      common_(common),
      lock_(setup.settings.state.directory),
      wake_(loop_, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      signals_(loop_, SIGINT, SIGTERM, SIGHUP),
      tick_timer_(loop_),
      snapshot_timer_(loop_),
      flush_timer_(loop_),
      names_(names_of(setup.settings)),
      outlets_(loop_, setup.settings, forcer_, [this](const Health& health) { tell(health); }),
      storm_(setup.settings.storm),
      control_(setup.rules, setup.settings, {names_.taps, names_.sensor, wall_clock},
               [this](const Alert& alert, const AlertEvent& event, const Device* device) {
                 happened(alert, event, device);
               }),
      memory_(loop_, setup.settings, control_, names_, forcer_,
              [this](const Health& health) { tell(health); }),
      bounds_([this](const Health& health) { tell(health); }),
      operations_(
          loop_, setup, common, control_, memory_, outlets_, names_,
          [this](Operations::OnTaps on_taps) { ask_taps(std::move(on_taps)); },
          [this] { return socket_ ? socket_->counters() : ControlSocket::Counters{}; }) {
  control_.alerts().authorise_by(setup.authorisations);
  // Whoever was heard within an absence must be known to have been when that is over.
  alerts_tick_ =
      std::min<std::chrono::milliseconds>(kAlertsTickMax, setup.settings.inventory.absence / 4);
  for (const TapSettings& tap : setup.settings.taps) {
    auto index = static_cast<uint16_t>(taps_.size());
    taps_.push_back(std::make_unique<TapThread>(tap, index, setup.settings, wake_.native_handle()));
  }
  open_socket();
}

void Daemon::open_socket() {
  std::filesystem::path path = socket_path(setup_.settings);
  if (path.empty()) {
    return spdlog::info(
        "no control socket: operators reach the agent where control.socket or state.directory is "
        "set");
  }
  socket_ = std::make_unique<ControlSocket>(
      loop_, path, setup_.settings.control.group,
      [this](const std::string& request, const std::string& user, Respond respond) {
        operations_(request, user, std::move(respond));
      });
  spdlog::info("control socket: {}", path.string());
  const std::string& group = setup_.settings.control.group;
  if (group.empty()) return;
  if (std::filesystem::path wall = barrier(path, group); !wall.empty()) {
    spdlog::warn("control socket: the group \"{}\" cannot reach it: {} lets it not through", group,
                 wall.string());
  }
}

void Daemon::operator()() {
  wall_ = wall_clock();
  steady_ = std::chrono::steady_clock::now();
  memory_.restore(storm_);
  control_.alerts().authorise_judged(wall_);
  outlets_.resume(memory_.deliveries());
  memory_.commit();
  outlets_.tell_orphans();
  await_signal();
  await_observations();
  tick_timer_.expires_after(kTick);
  await_tick();
  snapshot_timer_.expires_after(0s);
  await_snapshot();
  for (const TapSettings& tap : setup_.settings.taps) {
    spdlog::info("listening on {}{}", tap.interface,
                 tap.filter.empty() ? "" : " for " + tap.filter);
  }
  for (auto& tap : taps_) tap->start();
  loop_.run();
  stop();
}

void Daemon::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal != SIGHUP) {
      spdlog::info("{}, ending", signal == SIGINT ? "SIGINT" : "SIGTERM");
      return loop_.stop();
    }
    reopen_files();
    await_signal();
  });
}

void Daemon::await_observations() {
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
void Daemon::drain() {
  watch_clock();
  bool more = false;
  for (auto& tap : taps_) {
    int taken = 0;
    while (taken < kBatch && tap->take([this](const Observation& o) { control_.observe(o); }))
      ++taken;
    more = more || taken == kBatch;
  }
  control_.alerts().authorise_judged(wall_);
  memory_.commit();
  if (more) asio::post(loop_, [this] { drain(); });
}

/// A clock that is set makes nobody absent, and nobody present.
void Daemon::watch_clock() {
  Timestamp wall = wall_clock();
  auto steady = std::chrono::steady_clock::now();
  auto step = (wall - wall_) - (steady - steady_);
  wall_ = wall;
  steady_ = steady;
  if (std::chrono::abs(step) < kClockStep) return;
  memory_.shift(step);
  tell({"clock", "", false,
        fmt::format("the clock was set {} by {} s", step < 0s ? "back" : "forward",
                    std::chrono::round<std::chrono::seconds>(std::chrono::abs(step)).count())});
}

void Daemon::await_tick() {
  tick_timer_.expires_at(std::max(tick_timer_.expiry() + kTick, std::chrono::steady_clock::now()));
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    tick();
    await_tick();
  });
}

void Daemon::watch_taps() {
  for (size_t i = 0; i < taps_.size(); ++i) {
    for (TapThread::News& news : taps_[i]->take_news())
      tell({std::move(news.component), names_.taps[i], news.is_degraded, std::move(news.text)});
  }
}

void Daemon::tick() {
  watch_clock();
  watch_taps();
  auto steady = std::chrono::steady_clock::now();
  judge_by_day();
  if (steady - alerts_ticked_ >= alerts_tick_) {
    alerts_ticked_ = steady;
    control_.alerts().authorise_judged(wall_);
    control_.inventory().each([this](const Device& device) { control_.alerts().heard(device); });
    if (unjudged_.empty()) control_.alerts().tick(wall_);  // what the new day says comes first
    control_.inventory().mark_spent(
        [this](const Device& device) { return control_.alerts().is_over(device); });
    bounds_.watch(control_, steady);
    outlets_.tick();
    save_deliveries();
  }
  control_.alerts().authorise_judged(wall_);
  control_.alerts().tell_gathered(wall_);
  send(storm_.due(steady, wall_));
  memory_.tick();
}

/// Laws come into force, and end, at midnight (UTC), whoever is silent then.
void Daemon::judge_by_day() {
  Date day = today();
  if (std::exchange(day_, day) != day) unjudged_ = control_.inventory().keys();
  for (size_t i = 0; i < kJudgedAtOnce && !unjudged_.empty(); ++i) {
    control_.inventory().judge(unjudged_.back());
    unjudged_.pop_back();
  }
}

/// What earlier runs counted may have come late, as the state did.
void Daemon::save_deliveries() {
  outlets_.resume(memory_.deliveries());
  for (const auto& [output, deliveries] : outlets_.deliveries()) memory_.save(output, deliveries);
}

void Daemon::happened(const Alert& alert, const AlertEvent& event, const Device* device) {
  if (device == nullptr) device = control_.inventory().find(alert.device);
  if (event.is_told) {
    bool is_answer = !event.actor.empty() && !alert.is_by_file;  // somebody waits for it
    if (is_answer || storm_.admits(alert, event, std::chrono::steady_clock::now())) {
      std::vector<Hit> hits;
      if (device != nullptr) hits = control_.alerts().hits(*device);
      outlets_.send(alert_record(alert, event, device, hits, setup_.rules.policies, names_));
    } else {
      control_.alerts().hold(alert, event);
    }
  }
  memory_.save(alert, device);
}

void Daemon::send(const std::vector<Digest>& digests) {
  for (const Digest& digest : digests) outlets_.send(digest_record(digest, names_));
  if (digests.empty()) return;
  for (const std::string& id : control_.alerts().release()) {
    if (const Alert* alert = control_.alerts().find(id)) memory_.save(*alert, nullptr);
  }
}

void Daemon::tell(const Health& health) {
  std::string about = health.name.empty() ? health.component : health.component + " " + health.name;
  spdlog::log(health.is_degraded ? spdlog::level::err : spdlog::level::info, "{}: {}", about,
              health.message);
  outlets_.send(health_record(health, wall_clock(), names_));
}

bool Daemon::wants_snapshots() const {
  return !setup_.settings.snapshot.file.empty() || outlets_.take_snapshots();
}

void Daemon::await_snapshot() {
  if (!wants_snapshots()) return;
  // From the last one's due time, so that the time it takes does not add up.
  snapshot_timer_.expires_at(std::max(snapshot_timer_.expiry() + setup_.settings.snapshot.interval,
                                      std::chrono::steady_clock::now()));
  snapshot_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    for (auto& tap : taps_) tap->request_flush();
    flush_timer_.expires_after(kFlushPause);
    flush_timer_.async_wait([this](const boost::system::error_code& late) {
      if (late) return;
      drain();
      begin_snapshot();
      await_rest_of_snapshot();
    });
  });
}

/// Asked for now, they are there a moment later.
void Daemon::ask_taps(Operations::OnTaps on_taps) {
  for (auto& tap : taps_) tap->request_flush();
  auto timer = std::make_shared<asio::steady_timer>(loop_, kFlushPause);
  timer->async_wait([this, timer, on_taps = std::move(on_taps)](const auto& error) {
    if (error) return;
    std::vector<Operations::Tap> taps;
    for (size_t i = 0; i < taps_.size(); ++i)
      taps.push_back({names_.taps[i], setup_.settings.taps[i].interface, taps_[i]->summary()});
    on_taps(std::move(taps));
  });
}

Summary Daemon::summary() const {
  Summary summary;
  for (const auto& tap : taps_) summary.add(tap->summary());
  summary.add(control_.inventory());
  summary.alerts = control_.alerts().size();
  if (control_.alerts().refused() != 0)
    summary.bounds["alerts_refused"] = control_.alerts().refused();
  if (control_.alerts().evicted() != 0)
    summary.bounds["alerts_evicted"] = control_.alerts().evicted();
  if (storm_.held() != 0) summary.bounds["alert_events_held_back"] = storm_.held();
  outlets_.add_to(summary);
  return summary;
}

void Daemon::begin_snapshot() {
  snapshot_.emplace(control_, names_, summary(), setup_.settings.snapshot.file,
                    [this](const Record& record) { outlets_.send(record); });
}

/// False when it is whole.
bool Daemon::send_snapshot() {
  try {
    if (snapshot_->send_some()) return true;
  } catch (const std::system_error& error) {
    spdlog::error("snapshot: {}", error.what());  // the next one may succeed; the old file is whole
  }
  snapshot_.reset();
  return false;
}

/// Whatever else waits has its turn between two parts.
void Daemon::await_rest_of_snapshot() {
  asio::post(loop_, [this] {
    if (!snapshot_) return;  // the end has come, with one of its own
    send_snapshot() ? await_rest_of_snapshot() : await_snapshot();
  });
}

void Daemon::reopen_files() {
  spdlog::info("SIGHUP, reopening files");
  outlets_.reopen();
  try {
    start_log(setup_.settings.log);
  } catch (const spdlog::spdlog_ex& error) {
    spdlog::error("log: {}; the old file stays", error.what());
  }
}

void Daemon::stop() {
  socket_.reset();  // nobody new is let in; who is there may be answered until the outputs are done
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
  send(storm_.rest(wall_clock()));
  memory_.tick(control_.inventory().size());
  Summary last = summary();
  spdlog::info("{} packets received, {} dropped, {} devices, {} flagged, {} alerts", last.received,
               last.dropped, last.devices, last.flagged, last.alerts);
  if (wants_snapshots()) {
    begin_snapshot();
    while (send_snapshot()) {
    }
  }
  outlets_.finish();
  save_deliveries();
  memory_.commit();
}

}  // namespace tapwarden
