// SPDX-License-Identifier: Apache-2.0
// TLS as outputs use it: whom they trust, as whom they show themselves and which name the other
// side must prove (RFC 5425, RFC 9110).
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <string>

namespace tapwarden {

struct TlsSettings {
  std::filesystem::path authorities;  ///< PEM of those whose certificates are believed; the
                                      ///< system's when empty
  std::filesystem::path certificate;  ///< PEM, our own with its chain; none when empty
  std::filesystem::path key;          ///< PEM, of our certificate
  std::string name;  ///< what the other side's certificate must bear; the host when empty

  bool operator==(const TlsSettings&) const = default;
};

/// TLS 1.2 or newer. Throws std::runtime_error naming the file that cannot be used.
boost::asio::ssl::context client_context(const TlsSettings& settings);

/// Has the handshake fail unless the other side's certificate is good for `name`, a DNS name or an
/// IP address; a DNS name is also sent as the server's name (RFC 6066 section 3).
void expect_name(SSL* connection, const std::string& name);

/// Has `last` hold the last alert that the other side sends, its level before its description (RFC
/// 8446 section 6): OpenSSL itself takes one that refuses us for an orderly end. `last` must live
/// as long as the connection.
void watch_alerts(SSL* connection, int* last);
inline constexpr int close_notify = 0x0100;

/// After a handshake that failed: why the other side's certificate was not believed, such as
/// "certificate has expired"; empty when it was, or did not come.
std::string certificate_doubt(SSL* connection);
/// The error in words; where it is the other side's certificate, what is wrong with that.
std::string explain(SSL* connection, const boost::system::error_code& error);

}  // namespace tapwarden
