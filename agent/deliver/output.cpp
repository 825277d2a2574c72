// SPDX-License-Identifier: Apache-2.0
#include "deliver/output.hpp"

#include <utility>

namespace tapwarden {

namespace {

using Loop = boost::asio::any_io_executor;

std::unique_ptr<Sink> sink_of(Loop loop, const FileSettings& settings) {
  return file_sink(std::move(loop), settings);
}
std::unique_ptr<Sink> sink_of(Loop loop, const SyslogSettings& settings) {
  return syslog_sink(std::move(loop), settings);
}
std::unique_ptr<Sink> sink_of(Loop loop, const JournalSettings& settings) {
  return journal_sink(std::move(loop), settings);
}
std::unique_ptr<Sink> sink_of(Loop loop, const HttpSettings& settings) {
  return http_sink(std::move(loop), settings);
}
std::unique_ptr<Sink> sink_of(Loop loop, const KafkaSettings& settings) {
  return kafka_sink(std::move(loop), settings);
}
std::unique_ptr<Sink> sink_of(Loop loop, const MailSettings& settings) {
  return mail_sink(std::move(loop), settings);
}

}  // namespace

void check_settings(const SinkSettings& settings) {
  if (const auto* syslog = std::get_if<SyslogSettings>(&settings)) check_settings(*syslog);
  if (const auto* http = std::get_if<HttpSettings>(&settings)) check_settings(*http);
  if (const auto* kafka = std::get_if<KafkaSettings>(&settings)) check_settings(*kafka);
  if (const auto* mail = std::get_if<MailSettings>(&settings)) check_settings(*mail);
}

std::unique_ptr<Sink> make_sink(Loop loop, const SinkSettings& settings) {
  return std::visit([&](const auto& each) { return sink_of(std::move(loop), each); }, settings);
}

std::unique_ptr<Outbox> make_output(Loop loop, const OutputSettings& settings,
                                    const std::filesystem::path& spools, Outbox::OnHealth on_health,
                                    std::shared_ptr<Forcer> forcer) {
  SinkSettings last = settings.sink;
  if (auto* file = std::get_if<FileSettings>(&last)) file->sync = settings.outbox.spool.sync;
  std::unique_ptr<Sink> sink = make_sink(loop, last);
  return std::make_unique<Outbox>(std::move(loop), settings.outbox, spools / settings.outbox.name,
                                  std::move(sink), std::move(on_health), std::move(forcer));
}

}  // namespace tapwarden
