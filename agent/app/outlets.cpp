// SPDX-License-Identifier: Apache-2.0
#include "app/outlets.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <set>
#include <stdexcept>
#include <utility>

namespace tapwarden {

using namespace std::chrono_literals;

namespace {

constexpr auto kFinishMax = 500ms;   // for outputs, at the end
constexpr auto kGrowthPause = 1min;  // from the first word of an output's losses to the next
constexpr auto kGrowthPauseMax = 1h;
constexpr auto kRetryPause = 1s;  // between two attempts to write alerts that are kept

std::string_view name_of(const FileSink& sink) {
  return sink.path() == "-" ? "standard output" : std::string_view(sink.path());
}

/// Messages come from the sensor that the operator has named, unless the output says otherwise.
void name_sensor(SinkSettings& sink, const std::string& sensor) {
  if (auto* syslog = std::get_if<SyslogSettings>(&sink); syslog && syslog->hostname.empty())
    syslog->hostname = sensor;
  if (auto* http = std::get_if<HttpSettings>(&sink); http && http->splunk.host.empty())
    http->splunk.host = sensor;
}

std::string words_of(const Orphan& orphan) {
  return fmt::format(
      "{}; no output has this name: name one so again, or remove {}",
      orphan.error.empty() ? fmt::format("{} records wait", orphan.waiting) : orphan.error,
      orphan.directory.string());
}

std::string words_of_set_aside(const Outbox::Status& status) {
  return fmt::format("{} set aside and not delivered, the last of them: {}",
                     status.counters.set_aside, status.set_aside);
}

}  // namespace

Outlets::Outlets(boost::asio::io_context& loop, const config::Settings& settings,
                 std::shared_ptr<Forcer> forcer, OnHealth on_health)
    : loop_(loop), on_health_(std::move(on_health)), retry_timer_(loop) {
  if (settings.alerts.to_stdout) files_.push_back(std::make_unique<FileSink>("-"));
  if (!settings.alerts.file.empty())
    files_.push_back(std::make_unique<FileSink>(settings.alerts.file.string()));
  for (OutputSettings output : settings.outputs) {
    if (!settings.sensor.name.empty()) name_sensor(output.sink, settings.sensor.name);
    const std::string& name = output.outbox.name;
    auto on_change = [this](const std::string& which, const std::string& error) {
      on_health_({"output", which, !error.empty(), error.empty() ? "it delivers again" : error});
    };
    try {
      outputs_.push_back({name, output.type,
                          make_output(loop.get_executor(), output,
                                      settings.state.directory / "spool", on_change, forcer)});
      outputs_.back().outbox->watch_spool(
          [this](const std::string& which, const std::string& error) {
            on_health_({"spool", which, !error.empty(),
                        error.empty() ? "the disk takes its records again" : error});
          });
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("output {}: {}", name, error.what()));
    }
  }
  if (settings.state.directory.empty()) return;
  std::set<std::string> names;
  for (const Outlet& output : outputs_) names.insert(output.name);
  orphans_ = find_orphans(settings.state.directory / "spool", names);
}

void Outlets::tell_orphans() {
  for (const Orphan& orphan : orphans_) on_health_({"spool", orphan.name, true, words_of(orphan)});
}

void Outlets::send(const Record& record) {
  for (Outlet& output : outputs_) output.outbox->take(record);
  // The files are there for alerts and for what stands for them.
  if (record.kind != RecordKind::alert && record.kind != RecordKind::digest) return;
  for (auto& file : files_) {
    bool was_behind = file->is_behind();
    file->write(record);
    if (was_behind || !file->is_behind()) continue;
    spdlog::error("alerts: {}: {}; trying again", name_of(*file), file->error());
    if (!std::exchange(is_retrying_, true)) await_retry();
  }
}

bool Outlets::take_snapshots() const {
  Record device, summary;
  summary.kind = RecordKind::summary;
  return std::ranges::any_of(outputs_, [&](const Outlet& output) {
    return output.outbox->wants(device) || output.outbox->wants(summary);
  });
}

/// While a file is behind: what it keeps must not wait for the next alert.
void Outlets::await_retry() {
  retry_timer_.expires_after(kRetryPause);
  retry_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    retry();
    is_retrying_ = std::ranges::any_of(files_, [](const auto& file) { return file->is_behind(); });
    if (is_retrying_) await_retry();
  });
}

void Outlets::retry() {
  for (auto& file : files_) {
    if (!file->is_behind()) continue;
    file->retry();
    if (!file->is_behind())
      spdlog::info("alerts: {}: written again, {} lost so far", name_of(*file), file->lost());
  }
}

void Outlets::reopen() {
  for (auto& file : files_) {
    if (!file->reopen())
      spdlog::error("alerts: {} cannot be reopened; the old file stays", file->path());
  }
  for (Outlet& output : outputs_) {
    std::string before = std::exchange(output.reopen_error, output.outbox->reopen());
    output.outbox->hurry();
    if (!output.reopen_error.empty())
      on_health_({"output", output.name, true, output.reopen_error + "; what it had stays in use"});
    else if (!before.empty())
      on_health_({"output", output.name, false, "its files are read anew"});
  }
}

void Outlets::finish() {
  for (Outlet& output : outputs_) output.outbox->hurry();
  auto is_idle = [](const Outlet& output) { return output.outbox->is_idle(); };
  auto deadline = std::chrono::steady_clock::now() + kFinishMax;
  loop_.restart();
  while (!std::ranges::all_of(outputs_, is_idle) && std::chrono::steady_clock::now() < deadline)
    loop_.run_one_until(deadline);
  for (const Outlet& output : outputs_) {
    Outbox::Status status = output.outbox->status();
    if (status.waiting != 0)
      spdlog::warn("output {}: {} records wait in its spool for the next run", status.name,
                   status.waiting);
  }
  retry();
  for (const auto& file : files_) {
    if (file->is_behind())
      spdlog::error("alerts: {}: {}; ending with alerts unwritten", name_of(*file), file->error());
  }
}

void Outlets::add_to(Summary& summary) const {
  for (const auto& file : files_) {
    if (file->failures() != 0) summary.bounds["alert_writes_failed"] += file->failures();
    if (file->lost() != 0) summary.bounds["alerts_lost"] += file->lost();
  }
  for (const Outlet& output : outputs_) {
    Outbox::Status status = output.outbox->status();
    Deliveries run = deliveries_of(status);
    auto add = [&](std::string_view what, uint64_t count) {
      if (count != 0) summary.bounds[fmt::format("output_{}_{}", output.name, what)] += count;
    };
    add("set_aside", run.set_aside);
    add("lost", run.lost);
    add("dropped_devices", run.dropped_devices);
    add("dropped_alerts", run.dropped_alerts);
    add("damaged", run.damaged);
    add("writes_failed", status.spool.failures);
  }
}

// --- what became of their records ----------------------------------------------------------------

void Outlets::resume(const std::map<std::string, Deliveries>& before) {
  for (Outlet& output : outputs_) {
    if (auto found = before.find(output.name); found != before.end()) output.before = found->second;
  }
}

std::map<std::string, Deliveries> Outlets::deliveries() const {
  std::map<std::string, Deliveries> all;
  for (const Outlet& output : outputs_)
    all[output.name] = output.before + deliveries_of(output.outbox->status());
  return all;
}

void Outlets::tick() {
  for (Outlet& output : outputs_) watch(output);
}

void Outlets::watch(Outlet& output) {
  Outbox::Status status = output.outbox->status();
  watch_losses(output, status);
  watch_set_aside(output, status);
}

bool Outlets::Growth::is_to_tell(uint64_t count, Clock::time_point now) {
  if (count <= told_ || (told_at_ && now - *told_at_ < pause_)) return false;
  pause_ = told_at_ ? std::min<Clock::duration>(pause_ * 2, kGrowthPauseMax) : kGrowthPause;
  told_ = count;
  told_at_ = now;
  return true;
}

void Outlets::watch_losses(Outlet& output, const Outbox::Status& status) {
  Deliveries run = deliveries_of(status);
  if (output.losses.is_to_tell(losses(run), Clock::now())) {
    on_health_({"spool", output.name, true,
                fmt::format("lost so far: {} inventory records and {} others given up for want of "
                            "room, {} damaged; {} wait",
                            run.dropped_devices, run.dropped_alerts + run.lost, run.damaged,
                            status.waiting)});
  } else if (output.losses.is_over(Clock::now()) && status.waiting == 0) {
    output.losses.end();
    on_health_({"spool", output.name, false, "nothing waits any more"});
  }
}

void Outlets::watch_set_aside(Outlet& output, const Outbox::Status& status) {
  uint64_t delivered = status.counters.delivered;
  if (output.set_aside.is_to_tell(status.counters.set_aside, Clock::now())) {
    output.delivered = delivered;
    on_health_({"output", output.name, true, words_of_set_aside(status)});
  } else if (output.set_aside.is_over(Clock::now()) && delivered > output.delivered) {
    output.set_aside.end();
    on_health_({"output", output.name, false, "it delivers, and sets nothing more aside"});
  }
}

std::string Outlets::trouble(const Outlet& output, const Outbox::Status& status) {
  if (!status.error.empty()) return status.error;
  if (!output.reopen_error.empty()) return output.reopen_error;
  bool is_set_aside =
      output.set_aside.is_told() || status.counters.set_aside > output.set_aside.told();
  return is_set_aside ? words_of_set_aside(status) : std::string();
}

boost::json::array Outlets::status() const {
  boost::json::array all;
  for (const auto& file : files_) {
    all.push_back(boost::json::object{{"name", name_of(*file)},
                                      {"type", "file"},
                                      {"status", file->is_behind() ? "degraded" : "ok"},
                                      {"error", file->is_behind() ? file->error() : ""},
                                      {"failures", file->failures()},
                                      {"lost", file->lost()}});
  }
  for (const Outlet& output : outputs_) {
    Outbox::Status status = output.outbox->status();
    Deliveries counts = output.before + deliveries_of(status);
    std::string error = trouble(output, status);
    all.push_back(
        boost::json::object{{"name", output.name},
                            {"type", output.type},
                            {"status", error.empty() ? "ok" : "degraded"},
                            {"error", error},
                            {"waiting", status.waiting},
                            {"lag_seconds", std::chrono::duration<double>(status.lag).count()},
                            {"delivered", counts.delivered},
                            {"retried", counts.retried},
                            {"set_aside", counts.set_aside},
                            {"lost", counts.lost},
                            {"dropped_devices", counts.dropped_devices},
                            {"dropped_alerts", counts.dropped_alerts},
                            {"damaged", counts.damaged},
                            {"failures", status.spool.failures}});
  }
  for (const Orphan& orphan : orphans_) {
    boost::json::object& one = all.emplace_back(boost::json::object{{"name", orphan.name},
                                                                    {"type", "spool"},
                                                                    {"status", "degraded"},
                                                                    {"error", words_of(orphan)},
                                                                    {"waiting", orphan.waiting}})
                                   .as_object();
    if (orphan.oldest)
      one["lag_seconds"] = std::chrono::duration<double>(wall_clock() - *orphan.oldest).count();
  }
  return all;
}

}  // namespace tapwarden
