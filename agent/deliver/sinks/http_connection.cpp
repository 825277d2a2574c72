// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_connection.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

namespace tapwarden {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Stream = asio::ssl::stream<beast::tcp_stream>;
using Clock = std::chrono::steady_clock;

constexpr uint32_t kHeadMax = 16 << 10;
constexpr size_t kBufferMax = 128 << 10;
constexpr int kInterimAnswersMax = 8;  // 100 Continue, 103 Early Hints
constexpr auto kAfterBrokenWrite = std::chrono::seconds(2);
constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);

using Request = http::request<http::string_body>;
using Parser = http::response_parser<http::string_body>;

/// What came of one attempt on one connection.
struct Attempt {
  HttpExchange exchange{};
  bool is_silent = false;  // not one octet came back
  bool is_kept = false;    // the connection can be used again
};

/// getaddrinfo() cannot be interrupted: whoever waits goes on when the time is over, and what it
/// says later falls on nobody.
struct Resolution {
  explicit Resolution(const asio::any_io_executor& loop) : resolver(loop), timer(loop) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  error_code error = asio::error::timed_out;
  tcp::resolver::results_type addresses{};
};

std::string reason(const error_code& error) {
  if (error == beast::error::timeout || error == asio::error::timed_out) return "no answer in time";
  if (error == http::error::end_of_stream || error == asio::error::eof ||
      error == asio::ssl::error::stream_truncated)
    return "closed by the other side";
  if (error == http::error::partial_message) return "the answer breaks off";
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow)
    return "the answer is longer than allowed";
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return fmt::format("not an answer of HTTP ({})", error.message());
  return error.message();
}

template <typename Layer>
asio::awaitable<Attempt> talk(Layer& layer, Request& request, const HttpSettings& settings) {
  Attempt attempt;
  beast::tcp_stream& bottom = beast::get_lowest_layer(layer);
  bottom.expires_after(settings.write_timeout);
  auto [broken, written] = co_await http::async_write(layer, request, kAwaitTuple);
  // A server that has had enough answers and closes before it has read all of it.
  if (broken && broken != asio::error::connection_reset && broken != asio::error::broken_pipe) {
    attempt.exchange.error = fmt::format("sending: {}", reason(broken));
    attempt.is_silent = broken != beast::error::timeout;
    co_return attempt;
  }
  if (broken)
    bottom.expires_after(kAfterBrokenWrite);
  else
    bottom.expires_after(settings.answer_timeout);
  beast::flat_buffer buffer(kBufferMax);
  std::optional<Parser> parser;
  for (int i = 0; i < kInterimAnswersMax; ++i) {
    parser.emplace();
    parser->header_limit(kHeadMax);
    parser->body_limit(settings.answer_max);
    auto [error, size] = co_await http::async_read(layer, buffer, *parser, kAwaitTuple);
    if (error) {
      attempt.is_silent =
          i == 0 && !parser->got_some() && buffer.size() == 0 && error != beast::error::timeout;
      attempt.exchange.error = broken ? fmt::format("sending: {}", reason(broken))
                                      : fmt::format("waiting for the answer: {}", reason(error));
      co_return attempt;
    }
    if (parser->get().result_int() >= 200) break;
  }
  if (parser->get().result_int() < 200) {
    attempt.exchange.error = "waiting for the answer: only interim ones come";
    co_return attempt;
  }
  attempt.is_kept = !broken && parser->keep_alive() && buffer.size() == 0;
  auto answer = parser->release();
  attempt.exchange.answer = {.status = answer.result_int(),
                             .reason = std::string(answer.reason()),
                             .location = std::string(answer[http::field::location]),
                             .retry_after = std::string(answer[http::field::retry_after]),
                             .body = std::move(answer.body())};
  co_return attempt;
}

}  // namespace

struct HttpConnection::State {
  State(asio::any_io_executor executor, const HttpSettings& given, Url target)
      : loop(std::move(executor)),
        settings(given),
        url(std::move(target)),
        context(new_context()) {}

  asio::ssl::context new_context() const {
    return url.is_secure ? client_context(settings.tls)
                         : asio::ssl::context(asio::ssl::context::tls_client);
  }

  asio::awaitable<error_code> resolve(tcp::resolver::results_type& addresses) {
    resolution = std::make_shared<Resolution>(loop);
    std::shared_ptr<Resolution> waited = resolution;
    waited->timer.expires_after(settings.connect_timeout);
    waited->resolver.async_resolve(
        url.host, std::to_string(url.port),
        [waited](const error_code& error, tcp::resolver::results_type found) {
          waited->error = error;
          waited->addresses = std::move(found);
          waited->timer.cancel();
        });
    co_await waited->timer.async_wait(kAwaitTuple);
    waited->resolver.cancel();
    resolution.reset();
    addresses = std::move(waited->addresses);
    co_return waited->error;
  }

  /// Empty where it succeeded.
  asio::awaitable<std::string> connect() {
    auto deadline = Clock::now() + settings.connect_timeout;
    tcp::resolver::results_type addresses;
    if (error_code error = co_await resolve(addresses))
      co_return fmt::format("looking up {}: {}", url.host, reason(error));
    if (is_closed) co_return "closed";
    stream.emplace(beast::tcp_stream(loop), context);
    beast::tcp_stream& bottom = stream->next_layer();
    bottom.expires_at(deadline);
    auto [refused, endpoint] = co_await bottom.async_connect(addresses, kAwaitTuple);
    if (refused) co_return fmt::format("connecting to {}: {}", authority(url), reason(refused));
    error_code ignored;
    bottom.socket().set_option(tcp::no_delay(true), ignored);
    if (!url.is_secure) co_return "";
    expect_name(stream->native_handle(), settings.tls.name.empty() ? url.host : settings.tls.name);
    auto [failed] = co_await stream->async_handshake(asio::ssl::stream_base::client, kAwaitTuple);
    if (!failed) co_return "";
    std::string doubt = certificate_doubt(stream->native_handle());
    co_return fmt::format("TLS with {}: {}", authority(url),
                          doubt.empty() ? reason(failed) : doubt);
  }

  asio::awaitable<Attempt> attempt(Request& request) {
    if (url.is_secure) co_return co_await talk(*stream, request, settings);
    co_return co_await talk(stream->next_layer(), request, settings);
  }

  asio::awaitable<HttpExchange> exchange(HttpRequest asked) {
    Request request{http::verb::post, asked.target, 11};
    request.set(http::field::host, authority(url));
    for (const auto& [name, value] : asked.fields) request.set(name, value);
    request.body() = std::move(asked.body);
    request.prepare_payload();
    is_closed = false;
    if (is_outdated) stream.reset();
    is_outdated = false;
    if (stream) {
      Attempt kept = co_await attempt(request);
      if (!kept.is_kept) stream.reset();
      // The other side gave up an idle connection just then: that is no failure yet.
      if (!kept.is_silent || is_closed) co_return kept.exchange;
    }
    std::string error = co_await connect();
    if (!error.empty() || is_closed) {
      stream.reset();
      co_return HttpExchange{.error = error};
    }
    Attempt fresh = co_await attempt(request);
    if (!fresh.is_kept) stream.reset();
    co_return fresh.exchange;
  }

  asio::any_io_executor loop;
  HttpSettings settings;
  Url url;
  asio::ssl::context context;
  std::optional<Stream> stream;  // idle or in use; without TLS its lower layer alone
  std::shared_ptr<Resolution> resolution;
  bool is_closed = false;
  bool is_outdated = false;  // the connection was made before reopen()
};

HttpConnection::HttpConnection(asio::any_io_executor loop, const HttpSettings& settings, Url url)
    : state_(std::make_unique<State>(std::move(loop), settings, std::move(url))) {}

HttpConnection::~HttpConnection() = default;

asio::awaitable<HttpExchange> HttpConnection::exchange(HttpRequest request) {
  return state_->exchange(std::move(request));
}

std::string HttpConnection::reopen() {
  state_->is_outdated = true;
  try {
    state_->context = state_->new_context();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

void HttpConnection::close() {
  state_->is_closed = true;
  if (state_->resolution) state_->resolution->timer.cancel();
  if (state_->stream) state_->stream->next_layer().close();
}

}  // namespace tapwarden
