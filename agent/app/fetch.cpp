// SPDX-License-Identifier: Apache-2.0
#include "app/fetch.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>

namespace tapwarden {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr auto kTimeout = std::chrono::seconds(60);
constexpr uint64_t kSizeMax = 64 << 20;
constexpr int kRedirectsMax = 5;

struct Url {
  bool is_secure;
  std::string host;
  std::string port;
  std::string target;
};

[[noreturn]] void refuse(const std::string& url, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", url, what));
}

Url parse(const std::string& text) {
  Url url;
  url.is_secure = text.starts_with("https://");
  if (!is_url(text)) refuse(text, "not an http or https URL");
  size_t begin = text.find("//") + 2;
  size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  url.host = text.substr(begin, end - begin);
  url.target = text.substr(end, text.find('#', end) - end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  url.port = url.is_secure ? "443" : "80";
  size_t colon = url.host.rfind(':');
  if (colon != std::string::npos && url.host.find(']', colon) == std::string::npos) {
    url.port = url.host.substr(colon + 1);
    url.host.resize(colon);
  }
  if (url.host.starts_with('[') && url.host.ends_with(']'))
    url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.empty() || url.port.empty()) refuse(text, "no host in the URL");
  return url;
}

using Response = http::response<http::string_body>;

/// Runs the loop until the step that was begun has ended; every step has the stream's time limit.
template <typename Begin>
void step(asio::io_context& context, beast::tcp_stream& stream, Begin&& begin) {
  beast::error_code result;
  stream.expires_after(kTimeout);
  begin([&result](beast::error_code error, auto&&...) { result = error; });
  context.restart();
  context.run();
  if (result) throw boost::system::system_error(result);
}

template <typename Stream>
Response exchange(asio::io_context& context, beast::tcp_stream& bottom, Stream& stream,
                  const Url& url) {
  http::request<http::empty_body> request{http::verb::get, url.target, 11};
  request.set(http::field::host, url.host);
  request.set(http::field::user_agent, "tapwarden");
  request.set(http::field::accept_encoding, "identity");
  step(context, bottom,
       [&](auto handler) { http::async_write(stream, request, std::move(handler)); });
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kSizeMax);
  step(context, bottom,
       [&](auto handler) { http::async_read(stream, buffer, parser, std::move(handler)); });
  return parser.release();
}

/// SNI (RFC 6066, section 3). OpenSSL's macro for this has a cast that we would be warned of.
void set_server_name(SSL* tls, std::string host) {
  SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

Response get(const Url& url) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_default_verify_paths();
  tls.set_verify_mode(asio::ssl::verify_peer);
  asio::ssl::stream<beast::tcp_stream> stream(context, tls);
  beast::tcp_stream& bottom = stream.next_layer();
  auto addresses = resolver.resolve(url.host, url.port);
  step(context, bottom, [&](auto handler) { bottom.async_connect(addresses, std::move(handler)); });
  if (!url.is_secure) return exchange(context, bottom, bottom, url);
  stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  set_server_name(stream.native_handle(), url.host);
  step(context, bottom, [&](auto handler) {
    stream.async_handshake(asio::ssl::stream_base::client, std::move(handler));
  });
  return exchange(context, bottom, stream, url);
}

}  // namespace

bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::string fetch(const std::string& text) {
  std::string url = text;
  for (int i = 0; i <= kRedirectsMax; ++i) {
    Response response;
    try {
      response = get(parse(url));
    } catch (const boost::system::system_error& error) {
      refuse(url, error.code().message());
    }
    if (response.result_int() == 200) return std::move(response.body());
    bool is_redirect = response.result_int() >= 301 && response.result_int() <= 308;
    std::string location(response[http::field::location]);
    if (!is_redirect || location.empty())
      refuse(url, fmt::format("the server answered {}", response.result_int()));
    if (url.starts_with("https://") && !location.starts_with("https://") && is_url(location)) {
      refuse(url, "the server sends on to a URL without TLS");
    }
    url = is_url(location) ? location : url.substr(0, url.find('/', url.find("//") + 2)) + location;
  }
  refuse(text, "too many redirects");
}

}  // namespace tapwarden
