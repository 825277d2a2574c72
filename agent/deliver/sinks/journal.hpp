// SPDX-License-Identifier: Apache-2.0
// Journal: messages with their fields for systemd-journald, by its native protocol
// (systemd.io/JOURNAL_NATIVE_PROTOCOL). libsystemd's own call would wait while the journal's queue
// is full.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "deliver/sink.hpp"

namespace tapwarden {

struct JournalSettings {
  std::string socket = "/run/systemd/journal/socket";
  std::string identifier = "tapwarden";                         ///< SYSLOG_IDENTIFIER
  std::chrono::milliseconds timeout = std::chrono::seconds(5);  ///< for its queue to have room, 10
                                                                ///< ms to 5 minutes

  bool operator==(const JournalSettings&) const = default;
};

/// MESSAGE_ID of the kind: what `journalctl MESSAGE_ID=` is asked for.
std::string_view journal_message_id(RecordKind kind);

/// MESSAGE, MESSAGE_ID, PRIORITY, SYSLOG_IDENTIFIER, TAPWARDEN_KIND, TAPWARDEN_TIME,
/// TAPWARDEN_EVENT_ID, TAPWARDEN_DEVICE and, of an alert, TAPWARDEN_SEVERITY.
std::string journal_entry(const Message& message, std::string_view identifier);

/// Delivered means in the queue of the journal's socket, which outlives a restart of the journal.
/// What the journal itself then leaves out (RateLimitBurst= of journald.conf) nobody is told.
std::unique_ptr<Sink> journal_sink(boost::asio::any_io_executor loop, JournalSettings settings);

}  // namespace tapwarden
