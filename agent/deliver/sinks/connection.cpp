// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/connection.hpp"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "deliver/tls.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using asio::use_awaitable;
using boost::system::error_code;
using boost::system::system_error;
using std::chrono::milliseconds;

namespace {

/// A peer that never stops talking is not listened to for longer than this at a time.
constexpr int kReadsMax = 16;

/// Octets that the peer's kernel has not acknowledged.
int unacknowledged(asio::ip::tcp::socket& socket) {
  int octets = 0;
  if (::ioctl(socket.native_handle(), SIOCOUTQ, &octets) == 0) return octets;
  throw system_error(error_code(errno, boost::system::system_category()));
}

}  // namespace

Connection::Connection(const asio::any_io_executor& loop, milliseconds step_max)
    : resolver_(loop), socket_(loop), limit_(loop), tick_(loop), step_max_(step_max) {}

void Connection::begin(std::string step) {
  step_ = std::move(step);
  limit_.expires_after(step_max_);
  limit_.async_wait([weak = weak_from_this()](error_code error) {
    auto self = weak.lock();
    if (error || !self || self->limit_.expiry() > std::chrono::steady_clock::now()) return;
    self->is_late_ = true;
    self->close();
  });
}

void Connection::close() {
  error_code ignored;
  resolver_.cancel();
  tick_.cancel();
  limit_.cancel();
  socket_.close(ignored);
}

std::string Connection::why(const error_code& error) {
  std::string what = error.message();
  if (is_late_) {
    what = fmt::format("not done after {} ms", step_max_.count());
  } else if (ended_first_) {
    what = "the other side ended the connection";
  } else if (tls_) {
    error_code told = socket_.is_open() ? read_away() : error;  // an alert may lie before a reset
    bool is_told = told.category() == asio::error::get_ssl_category();
    what = explain(tls_->native_handle(), is_told ? told : error);
  }
  return fmt::format("{}: {}: {}", peer_, step_, what);
}

asio::awaitable<void> Connection::open(std::string host, uint16_t port, asio::ssl::context* context,
                                       std::string name) {
  peer_ = fmt::format("{}:{}", host, port);
  begin("connecting");
  auto endpoints = co_await resolver_.async_resolve(host, std::to_string(port), use_awaitable);
  co_await asio::async_connect(socket_, endpoints, use_awaitable);
  if (is_late_) throw system_error(asio::error::timed_out);
  socket_.non_blocking(true);
  socket_.set_option(asio::ip::tcp::no_delay(true));
  if (context == nullptr) co_return;
  begin("TLS handshake");
  tls_.emplace(socket_, *context);
  expect_name(tls_->native_handle(), name.empty() ? host : name);
  watch_alerts(tls_->native_handle(), &alert_);
  co_await tls_->async_handshake(asio::ssl::stream_base::client, use_awaitable);
}

asio::awaitable<void> Connection::write(std::string_view octets) {
  begin("writing");
  if (tls_) {
    co_await asio::async_write(*tls_, asio::buffer(octets), use_awaitable);
  } else {
    co_await asio::async_write(socket_, asio::buffer(octets), use_awaitable);
  }
}

asio::awaitable<void> Connection::pause(milliseconds time) {
  tick_.expires_after(time);
  co_await tick_.async_wait(use_awaitable);
}

/// would_block while the connection stands.
error_code Connection::read_away() {
  std::array<char, 4096> octets;
  error_code error;
  for (int i = 0; i < kReadsMax && !error; ++i) {
    if (tls_) {
      tls_->read_some(asio::buffer(octets), error);
    } else {
      socket_.read_some(asio::buffer(octets), error);
    }
  }
  return error ? error : asio::error::would_block;
}

bool Connection::is_whole() { return socket_.is_open() && read_away() == asio::error::would_block; }

asio::awaitable<void> Connection::acknowledged() {
  for (milliseconds wait(1);; wait = std::min(2 * wait, milliseconds(50))) {
    error_code error = read_away();
    ended_first_ = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
    if (error != asio::error::would_block) throw system_error(error);
    if (unacknowledged(socket_) == 0) co_return;
    co_await pause(wait);
  }
}

asio::awaitable<void> Connection::settle(milliseconds quiet) {
  begin("waiting to be acknowledged");
  co_await acknowledged();
  co_await pause(std::min(quiet, step_max_ / 2));
  co_await acknowledged();
  limit_.cancel();
}

asio::awaitable<void> Connection::finish() {
  begin("waiting to be read");
  co_await acknowledged();
  error_code error = asio::error::would_block;
  if (tls_) tls_->shutdown(error);  // sends close_notify; there is room, all else is acknowledged
  // A quick peer's close_notify is there already; OpenSSL takes a refusing alert for one.
  bool is_answered = !error && alert_ == close_notify;
  if (error != asio::error::would_block && !is_answered) {
    ended_first_ = true;
    throw system_error(asio::error::eof);
  }
  bool is_raw = !tls_ || is_answered;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send);
  std::array<char, 4096> octets;
  for (;;) {  // an alert refuses us; past a close_notify what counts is how the peer's TCP ends
    error.clear();
    if (is_raw) {
      socket_.read_some(asio::buffer(octets), error);
    } else {
      tls_->read_some(asio::buffer(octets), error);
    }
    bool is_end = error == asio::error::eof;
    if (error == asio::ssl::error::stream_truncated || (is_raw && is_end)) break;
    is_raw = is_raw || is_end;
    if (error && !is_end && error != asio::error::would_block) throw system_error(error);
    if (error == asio::error::would_block)
      co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, use_awaitable);
  }
  close();
}

}  // namespace tapwarden
