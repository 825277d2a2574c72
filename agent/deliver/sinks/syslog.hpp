// SPDX-License-Identifier: Apache-2.0
// Syslog: RFC 5424 messages over UDP (RFC 5426), TCP with octet counting (RFC 6587) or TLS
// (RFC 5425).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "deliver/sink.hpp"
#include "deliver/tls.hpp"

namespace tapwarden {

enum class SyslogTransport : uint8_t { udp, tcp, tls };

/// Syslog has no answer, so over TCP and TLS something else must stand for one.
enum class SyslogConfirm : uint8_t {
  /// A connection for each batch. We end it in order, and the batch is delivered when the receiver
  /// then ends it in order too. One whose program closes with octets unread has its kernel reset
  /// the connection instead, and the batch is sent again. What a receiver loses after it has read,
  /// or a relay between, we cannot see; one that ends its own side before it has read deceives us;
  /// one that never ends its side is never believed.
  read,
  /// One connection for all. A batch is delivered when the receiver's kernel has acknowledged all
  /// of it and the connection still stands a moment later. Lost without a trace is what the
  /// receiver's kernel had and its program had not read when it died later than that; so is what a
  /// TLS 1.3 receiver turns away, by our certificate, later than that.
  acknowledged,
};

/// How a receiver tells messages apart over TCP and TLS (RFC 6587 section 3.4).
enum class SyslogFraming : uint8_t {
  counted,  ///< the number of octets stands before each: nothing in a message can break it
  newline,  ///< each ends with a line feed, of which no record holds one
};

struct SyslogSettings {
  SyslogTransport transport = SyslogTransport::tls;
  std::string host;
  SyslogFraming framing = SyslogFraming::counted;
  uint16_t port = 0;       ///< 0: 514 for UDP and TCP, 6514 for TLS
  TlsSettings tls{};       ///< for TLS alone; read at the start and again on SIGHUP,
                           ///< where the old stay if the new cannot be used
  uint8_t facility = 16;   ///< 0 to 23; 16 is local0
  std::string hostname{};  ///< this machine's own when empty
  std::string data_id = "tapwarden@32473";  ///< name of the structured data: name@enterprise number
  bool has_bom = false;  ///< RFC 5424 wants one before UTF-8; receivers that take the text apart as
                         ///< JSON, CEF or LEEF commonly stumble on it
  SyslogConfirm confirm = SyslogConfirm::read;
  size_t size_max = 65000;  ///< octets of one message over UDP, 480 to 65000: longer ones are cut,
                            ///< and say so; receivers must take 480 (IPv4) or 1180 (IPv6) and
                            ///< should take 2048, many cut at 8192
  std::chrono::milliseconds timeout =
      std::chrono::seconds(10);  ///< of each step: connecting, TLS handshake, writing, and being
                                 ///< confirmed; 100 ms to 5 minutes

  bool operator==(const SyslogSettings&) const = default;
};

/// Throws std::invalid_argument for settings that cannot be. It reads no file.
void check_settings(const SyslogSettings& settings);

/// Over UDP, "delivered" means sent and not refused by the other machine's kernel (ICMP) within 50
/// ms: whoever must not lose an alert takes TCP or TLS. A batch that fails in part is sent again as
/// a whole; messages that come twice carry the same id. Throws std::runtime_error where TLS is
/// wanted and a file of it cannot be used.
std::unique_ptr<Sink> syslog_sink(boost::asio::any_io_executor loop, SyslogSettings settings);

}  // namespace tapwarden
