// SPDX-License-Identifier: Apache-2.0
#include "deliver/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <stdexcept>
#include <string>

namespace tapwarden {

namespace ssl = boost::asio::ssl;

namespace {

void check(const boost::system::error_code& error, const std::filesystem::path& file) {
  if (error) throw std::runtime_error(fmt::format("{}: {}", file.string(), error.message()));
}

/// Where a connection keeps who watches its alerts.
int watcher_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

void note_alert(const SSL* connection, int where, int what) {
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  *static_cast<int*>(SSL_get_ex_data(connection, watcher_index())) = what;
}

}  // namespace

ssl::context client_context(const TlsSettings& settings) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (settings.authorities.empty()) {
    context.set_default_verify_paths(error);
    check(error, "the system's certificates");
  } else {
    context.load_verify_file(settings.authorities.string(), error);
    check(error, settings.authorities);
  }
  if (settings.certificate.empty()) return context;
  context.use_certificate_chain_file(settings.certificate.string(), error);
  check(error, settings.certificate);
  const auto& key = settings.key.empty() ? settings.certificate : settings.key;
  context.use_private_key_file(key.string(), ssl::context::pem, error);
  check(error, key);
  return context;
}

void expect_name(SSL* connection, const std::string& name) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(name, no_address);
  X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
  if (!no_address) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str());
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
  std::string shown = name;  // SSL_set_tlsext_host_name, whose macro casts
  SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, shown.data());
}

void watch_alerts(SSL* connection, int* last) {
  if (SSL_set_ex_data(connection, watcher_index(), last) == 1)
    SSL_set_info_callback(connection, note_alert);
}

std::string certificate_doubt(SSL* connection) {
  long result = SSL_get_verify_result(connection);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

std::string explain(SSL* connection, const boost::system::error_code& error) {
  std::string doubt = certificate_doubt(connection);
  return doubt.empty() ? error.message() : "its certificate is refused: " + doubt;
}

}  // namespace tapwarden
