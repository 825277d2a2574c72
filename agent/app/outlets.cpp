// SPDX-License-Identifier: Apache-2.0
#include "app/outlets.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace tapwarden {

using namespace std::chrono_literals;

namespace {

constexpr auto kFinishMax = 500ms;  // for outputs, at the end
constexpr auto kRetryPause = 1s;    // between two attempts to write alerts that are kept

std::string_view name_of(const FileSink& sink) {
  return sink.path() == "-" ? "standard output" : std::string_view(sink.path());
}

}  // namespace

Outlets::Outlets(boost::asio::io_context& loop, const config::Settings& settings,
                 OnHealth on_health)
    : loop_(loop), on_health_(std::move(on_health)), retry_timer_(loop) {
  if (settings.alerts.to_stdout) files_.push_back(std::make_unique<FileSink>("-"));
  if (!settings.alerts.file.empty())
    files_.push_back(std::make_unique<FileSink>(settings.alerts.file.string()));
  for (const OutputSettings& output : settings.outputs) {
    const std::string& name = output.outbox.name;
    auto on_change = [this](const std::string& which, const std::string& error) {
      on_health_({"output", which, !error.empty(), error.empty() ? "it delivers again" : error});
    };
    try {
      outputs_.push_back(
          make_output(loop.get_executor(), output, settings.state.directory / "spool", on_change));
      outputs_.back()->watch_spool([this](const std::string& which, const std::string& error) {
        on_health_({"spool", which, !error.empty(),
                    error.empty() ? "the disk takes its records again" : error});
      });
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("output {}: {}", name, error.what()));
    }
  }
}

void Outlets::send(const Record& record) {
  for (auto& output : outputs_) output->take(record);
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

bool Outlets::take_devices() const {
  Record device, summary;
  summary.kind = RecordKind::summary;
  return std::ranges::any_of(outputs_, [&](const auto& output) {
    return output->wants(device) || output->wants(summary);
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
  for (auto& output : outputs_) {
    output->reopen();
    output->hurry();
  }
}

void Outlets::sync() {
  for (auto& output : outputs_) output->sync();
}

void Outlets::finish() {
  for (auto& output : outputs_) output->hurry();
  auto is_idle = [](const auto& output) { return output->is_idle(); };
  auto deadline = std::chrono::steady_clock::now() + kFinishMax;
  loop_.restart();
  while (!std::ranges::all_of(outputs_, is_idle) && std::chrono::steady_clock::now() < deadline)
    loop_.run_one_until(deadline);
  for (auto& output : outputs_) {
    Outbox::Status status = output->status();
    if (status.waiting != 0)
      spdlog::warn("output {}: {} records wait in its spool for the next run", status.name,
                   status.waiting);
  }
  sync();
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
  for (const auto& output : outputs_) {
    Outbox::Status status = output->status();
    auto add = [&](std::string_view what, uint64_t count) {
      if (count != 0) summary.bounds[fmt::format("output_{}_{}", status.name, what)] += count;
    };
    add("set_aside", status.counters.set_aside);
    add("lost", status.counters.lost);
    add("dropped_devices", status.spool.dropped_devices);
    add("dropped_alerts", status.spool.dropped_alerts);
    add("damaged", status.spool.damaged);
  }
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
  return all;
}

}  // namespace tapwarden
