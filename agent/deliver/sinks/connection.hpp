// SPDX-License-Identifier: Apache-2.0
// Connection: octets to one peer over TCP, with TLS or without, in steps that each have a time
// limit, and what a sender can find out about whether they were read.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tapwarden {

/// Each coroutine throws boost::system::system_error, which why() puts into words; the connection
/// is of no use after that.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// To be held by a shared_ptr. `step_max` bounds each of the coroutines below.
  Connection(const boost::asio::any_io_executor& loop, std::chrono::milliseconds step_max);

  /// Without a context it is plain TCP. `name` is what the peer's certificate must bear.
  boost::asio::awaitable<void> open(std::string host, uint16_t port,
                                    boost::asio::ssl::context* context, std::string name);
  boost::asio::awaitable<void> write(std::string_view octets);

  /// Ends our side in order and returns when the peer has then ended its own. A peer that closes
  /// with octets unread resets the connection instead, which throws, as its silence does and as its
  /// end before ours: so the peer's program, and not its kernel alone, has taken all octets.
  boost::asio::awaitable<void> finish();
  /// Returns when the peer's kernel has acknowledged every octet and the connection stayed whole
  /// for `quiet` after that. Whether the peer's program reads them it cannot tell.
  boost::asio::awaitable<void> settle(std::chrono::milliseconds quiet);

  /// The peer has neither ended nor reset it, as far as is known here. What it sent is dropped.
  bool is_whole();
  /// Whatever is under way throws.
  void close();
  std::string why(const boost::system::error_code& error);

 private:
  void begin(std::string step);
  boost::asio::awaitable<void> acknowledged();
  boost::asio::awaitable<void> pause(std::chrono::milliseconds time);
  boost::system::error_code read_away();

  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  boost::asio::steady_timer limit_;
  boost::asio::steady_timer tick_;
  std::chrono::milliseconds step_max_;
  std::string peer_;
  std::string step_;
  bool is_late_ = false;
  bool ended_first_ = false;
  int alert_ = 0;  // the last that the peer sent
};

}  // namespace tapwarden
