// SPDX-License-Identifier: Apache-2.0
#include "app/outlets.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

namespace tapwarden {

using namespace std::chrono_literals;

namespace {

constexpr auto kRetryPause = 1s;  // between two attempts to write alerts that are kept

std::string_view name_of(const FileSink& sink) {
  return sink.path() == "-" ? "standard output" : std::string_view(sink.path());
}

}  // namespace

Outlets::Outlets(boost::asio::io_context& loop, const config::Settings& settings,
                 OnHealth on_health)
    : on_health_(std::move(on_health)), retry_timer_(loop) {
  if (settings.alerts.to_stdout) files_.push_back(std::make_unique<FileSink>("-"));
  if (!settings.alerts.file.empty())
    files_.push_back(std::make_unique<FileSink>(settings.alerts.file.string()));
}

void Outlets::send(const Record& record) {
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
}

void Outlets::finish() {
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
