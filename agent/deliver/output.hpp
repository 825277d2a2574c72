// SPDX-License-Identifier: Apache-2.0
// Output: what the operator says of one place that records go to, and the outbox and sink made of
// it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>

#include "deliver/outbox.hpp"
#include "deliver/sinks/file.hpp"
#include "deliver/sinks/http.hpp"
#include "deliver/sinks/journal.hpp"
#include "deliver/sinks/kafka.hpp"
#include "deliver/sinks/mail.hpp"
#include "deliver/sinks/syslog.hpp"

namespace tapwarden {

using SinkSettings = std::variant<FileSettings, SyslogSettings, JournalSettings, HttpSettings,
                                  KafkaSettings, MailSettings>;

struct OutputSettings {
  std::string type;  ///< as the operator knows it, such as "splunk"
  OutboxSettings outbox;
  SinkSettings sink;

  bool operator==(const OutputSettings&) const = default;
};

/// Throws std::invalid_argument for settings that no sink could use, in words for the operator:
/// what can be told without files, programs and peers.
void check_settings(const SinkSettings& settings);

/// Throws what the sink throws of settings that it cannot use: std::runtime_error or
/// std::invalid_argument, in words for the operator.
std::unique_ptr<Sink> make_sink(boost::asio::any_io_executor loop, const SinkSettings& settings);

/// `spools` is the directory of all spools. Throws also as Spool does.
std::unique_ptr<Outbox> make_output(boost::asio::any_io_executor loop,
                                    const OutputSettings& settings,
                                    const std::filesystem::path& spools, Outbox::OnHealth on_health,
                                    std::shared_ptr<Forcer> forcer);

}  // namespace tapwarden
